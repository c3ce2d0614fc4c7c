#!/usr/bin/env bash
# Everything this repository can do, on a bare Debian or Ubuntu with the .NET SDK and git. Safe to repeat; quick the second time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source build/common.sh
source build/torch.sh
source build/test-programs.sh

verbs() {
  cat <<'TEXT'
Usage: ./build.sh VERB [ARGUMENTS]

  setup    decide on the torch engine, install what it needs, build it; every other verb does this first
  demo     four people's devices fine-tune together on real text (--quick: one minute; --help: all options)
  federation   a coordinator and four devices as processes over HTTPS, killed in the middle, must end with the same adapters (--quick: at most three minutes; --help)
  experiments CONFIG   compare methods over data sets and seeds (examples/Experiments/configs; --data DIR; --smoke: a few steps of everything)
  test     build everything and run all tests (--quick: without the long ones; the rest goes to dotnet test)
  bench    measure everything and fill docs/benchmarks.md (--smoke: once, in small; SECTION...: only these; calls [OPTIONS]: BenchmarkDotNet)
  pack     write the NuGet packages to artifacts/packages
  clean    remove what was built and forget what setup decided

Environment: COMIGS_TORCH=package|system forces the engine, LIBTORCH=DIR names an unpacked libtorch.
TEXT
}

setup() {
  require_sdk
  setup_torch
  tune_blas
}

build_engine() {
  [ "$(torch_engine)" = system ] || return 0
  say "Building the torch engine"
  run_dotnet build src/CoMiGS.LibTorch -c Release -v quiet -clp:NoSummary
}

demo() {
  setup
  say "Building the demo"
  run_dotnet build examples/Demo -c Release -v quiet -clp:NoSummary
  dotnet run -c Release --no-build --project examples/Demo -- "$@"
}

federation() {
  setup
  say "Building coordinator and device"
  run_dotnet build examples/Federation -c Release -v quiet -clp:NoSummary
  exec dotnet run -c Release --no-build --project examples/Federation -- "$@"
}

# experiments NAME|FILE.json [OPTIONS]; --smoke alone runs a few steps of every configuration.
experiments() {
  local configs=(examples/Experiments/configs/*.json) config
  if [ $# -gt 0 ] && [[ "$1" != --* ]]; then
    configs=("$1")
    [ -f "$1" ] || configs=("examples/Experiments/configs/$1.json")
    shift
  elif [[ " $* " != *" --smoke "* ]]; then
    fail "experiments needs a configuration." "Name one of $(basename -a -s .json "${configs[@]}" | xargs) or a file, or say --smoke to try them all."
  fi
  setup
  say "Building the experiments"
  run_dotnet build examples/Experiments -c Release -v quiet -clp:NoSummary
  for config in "${configs[@]}"; do
    say "$config"
    dotnet run -c Release --no-build --project examples/Experiments -- run --config "$config" "$@"
  done
}

run_tests() {
  setup
  setup_test_programs
  local results=artifacts/test-results quick="" filter="" arguments=() projects=() project name
  while [ $# -gt 0 ]; do
    case "$1" in
      --quick) quick="Category!=Long" ;;
      --filter) filter="${2:?--filter needs an expression}"; shift ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done

  say "Building everything (Release)"
  run_dotnet build CoMiGS.sln -c Release -v quiet -clp:NoSummary

  rm -rf "$results" && mkdir -p "$results"
  local expression="$quick"
  if [ -n "$filter" ]; then expression="${quick:+($quick)&}($filter)"; fi
  for project in tests/*/*.Tests.csproj; do
    name=$(basename "$project" .csproj)
    projects+=("$name")
    say "Testing $name"
    local code=0
    # One project at a time: torch takes all cores. A test that hangs is ended and counts as failed.
    dotnet test "$project" -c Release --no-build --nologo -v quiet \
      --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
      --blame-hang-timeout 20m --blame-hang-dump-type none \
      ${expression:+--filter "$expression"} ${arguments[@]+"${arguments[@]}"} || code=$?
    echo "$code" > "$results/$name.exit"
  done
  grep -ho 'Reference cases: [^<]*' "$results"/*.trx || true # which cases of the released code were found
  build/count-tests.sh ${filter:+--allow-empty} "$results" "${projects[@]}"
}

bench() {
  setup
  local project=bench/CoMiGS.Bench
  if [ "${1:-}" = calls ]; then
    project=bench/CoMiGS.Benchmarks
    shift
  fi
  say "Building $project"
  run_dotnet build "$project" -c Release -v quiet -clp:NoSummary
  dotnet run -c Release --no-build --project "$project" -- "$@"
}

pack() {
  setup
  local project
  rm -f artifacts/packages/*.nupkg artifacts/packages/*.snupkg
  for project in src/*/*.csproj; do
    if [ "$(torch_engine)" = package ] && [[ "$project" == *CoMiGS.LibTorch.csproj ]]; then continue; fi
    run_dotnet pack "$project" -c Release -v quiet -clp:NoSummary -p:ContinuousIntegrationBuild=true "$@"
  done
  ls -1 artifacts/packages
}

clean() {
  find src tests examples bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} + 2>/dev/null || true
  find artifacts -mindepth 1 ! -path artifacts/packages ! -name .gitkeep -delete
  rm -f torch.local.props
  say "Clean"
}

verb="${1:-}"
[ $# -eq 0 ] || shift
case "$verb" in
  "" | help | -h | --help) verbs ;;
  setup) setup; build_engine; say "Ready: torch engine '$(torch_engine)'" ;;
  test) run_tests "$@" ;;
  demo | federation | experiments | bench | pack | clean) "$verb" "$@" ;;
  *) { echo "There is no verb '$verb'."; echo; verbs; } >&2; exit 2 ;;
esac
