# shellcheck shell=bash
# Sourced by build.sh: messages, the .NET SDK.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# No build server outlives a command: a caller that waits for our output to close would wait for it too.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
if [ "${CI:-}" = true ]; then export UseSharedCompilation=false; fi

say() { echo "== $*"; }

warn() { echo "warning: $*" >&2; }

# fail WHAT WHAT-TO-DO...: one line each.
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  if [ $# -gt 0 ]; then printf '       %s\n' "$@" >&2; fi
  exit 1
}

require_sdk() {
  command -v dotnet > /dev/null || fail "There is no dotnet on this machine." \
    "Install the .NET SDK 10.0 (https://dotnet.microsoft.com/download), put it on PATH and run this again."
  # Without ICU the SDK itself does not start; nothing here needs cultures.
  if ! ldconfig -p 2> /dev/null | grep -q libicuuc; then export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1; fi
  # In this folder dotnet obeys global.json, and fails if no installed SDK satisfies it.
  dotnet --version > /dev/null 2>&1 || fail "global.json asks for .NET SDK $(sdk_wanted) or a later 10.0; installed: $(sdks_installed)." \
    "Install the .NET SDK 10.0 (https://dotnet.microsoft.com/download) and run this again."
}

sdk_wanted() { sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json; }

sdks_installed() {
  local list
  list=$( (cd / && dotnet --list-sdks 2> /dev/null) | awk '{printf "%s%s", (NR > 1 ? ", " : ""), $1}')
  echo "${list:-none}"
}

# Prints nothing when all is well; each error once when not.
run_dotnet() {
  local log code=0
  log=$(mktemp)
  dotnet "$@" > "$log" 2>&1 || code=$?
  if [ "$code" -ne 0 ]; then
    { grep -E '(: |^)error ' "$log" | sort -u | head -n 40 || tail -n 40 "$log"; } >&2
    rm -f "$log"
    fail "dotnet $1 $2 ended with exit code $code."
  fi
  rm -f "$log"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif ! command -v sudo > /dev/null; then
    fail "Installing needs root, and there is no sudo." "Run as root: $*"
  elif [ -t 0 ]; then sudo "$@"
  else
    sudo -n "$@" || fail "Installing needs root, and sudo asks for a password." "Run it yourself, then this again: sudo $*"
  fi
}

# Installs packages; prints the end of apt-get's words when it cannot.
apt_get() {
  local get=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3) log code=0
  log=$(mktemp)
  # The package lists may be missing or old: they are fetched only when the first try fails.
  if ! as_root "${get[@]}" install -y --no-install-recommends "$@" > "$log" 2>&1; then
    say "Fetching the package lists"
    if ! { as_root "${get[@]}" update && as_root "${get[@]}" install -y --no-install-recommends "$@"; } > "$log" 2>&1; then
      tail -n 20 "$log" >&2
      code=1
    fi
  fi
  rm -f "$log"
  return $code
}
