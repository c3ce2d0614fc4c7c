# shellcheck shell=bash
# Sourced by build.sh: the programs of a PostgreSQL server. The tests start one of their own, in a temporary folder.

setup_postgres() {
  if has_postgres; then return; fi
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    warn "there is no PostgreSQL server (initdb); its tests will say that they are skipped. Install it (Debian: postgresql) to have them run."
    return
  fi
  say "Installing postgresql for its tests"
  # The package would start a server that nobody asked for.
  mkdir -p /etc/postgresql-common/createcluster.d
  echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/comigs.conf
  apt_get postgresql || warn "apt-get could not install postgresql; its tests will say that they are skipped."
}

has_postgres() { command -v initdb > /dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" > /dev/null; }
