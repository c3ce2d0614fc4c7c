# shellcheck shell=bash
# Sourced by build.sh: the browser that the tests of the live page look through.

setup_chromium() {
  if has_chromium; then return; fi
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    warn "there is no Chromium; the tests of the live page will say that they are skipped. Install it (Debian: chromium) to have them run."
    return
  fi
  say "Installing chromium for the tests of the live page"
  apt_get chromium || warn "apt-get could not install chromium; the tests of the live page will say that they are skipped."
}

has_chromium() { command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null; }
