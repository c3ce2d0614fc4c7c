# shellcheck shell=bash
# Sourced by build.sh: the programs that some tests need. Without them these tests are skipped and say so.

setup_test_programs() {
  if ! has_postgres; then
    # The package would start a server that nobody asked for; the tests start one of their own, in a temporary folder.
    if can_install; then
      mkdir -p /etc/postgresql-common/createcluster.d
      echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/comigs.conf
    fi
    install_for "the tests of PostgreSQL's store" "there is no PostgreSQL server (initdb)" postgresql
  fi
  if ! has_chromium; then install_for "the tests of the live page" "there is no Chromium" chromium; fi
}

has_postgres() { command -v initdb > /dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" > /dev/null; }

has_chromium() { command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null; }

can_install() { [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; }

install_for() { # whose tests, what is missing, the Debian package that has it
  if ! can_install; then
    warn "$2; $1 will say that they are skipped. Install it (Debian: $3) to have them run."
    return
  fi
  say "Installing $3 for $1"
  apt_get "$3" || warn "apt-get could not install $3; $1 will say that they are skipped."
}
