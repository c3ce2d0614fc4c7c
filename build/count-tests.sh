#!/usr/bin/env bash
# Adds up what the test runners counted: count-tests.sh [--allow-empty] RESULTS PROJECT...
# RESULTS holds, for each project, PROJECT.trx as the runner wrote it and PROJECT.exit with its exit code. A project that crashed,
# wrote nothing or executed no test counts as one failure; with --allow-empty (the user chose the tests) an empty one does not.
# The last line is 'N passed, N failed, N skipped', also written to RESULTS/summary.txt. Ends with 1 if anything failed or nothing ran.
set -euo pipefail

allow_empty=false
if [ "${1:-}" = --allow-empty ]; then allow_empty=true; shift; fi
results=${1:?the folder with the results}
shift

passed=0 failed=0 skipped=0

# counter LINE NAME: an attribute of the <Counters> element; 0 where the runner left it out.
counter() {
  local value
  value=$(sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p" <<< "$1")
  echo "${value:-0}"
}

for project in "$@"; do
  trx="$results/$project.trx"
  code=$(cat "$results/$project.exit" 2> /dev/null || echo "unknown")
  counters=""
  if [ -f "$trx" ]; then counters=$(tr '\r\n' '  ' < "$trx" | grep -o '<Counters [^>]*>' | tail -n 1 || true); fi

  executed=$(counter "$counters" executed)
  total=$(counter "$counters" total)
  bad=$(($(counter "$counters" failed) + $(counter "$counters" error) + $(counter "$counters" timeout) + $(counter "$counters" aborted)))
  passed=$((passed + $(counter "$counters" passed)))
  skipped=$((skipped + total - executed))
  failed=$((failed + bad))

  if [ "$code" != 0 ] && [ "$bad" -eq 0 ]; then
    echo "$project: ended with exit code $code although no test failed (a crash?); counted as one failure."
    failed=$((failed + 1))
  elif [ "$executed" -eq 0 ] && [ "$allow_empty" = false ]; then
    echo "$project: executed no test; counted as one failure."
    failed=$((failed + 1))
  elif [ "$bad" -gt 0 ]; then
    echo "$project: $bad failed."
  fi
done

echo "$passed passed, $failed failed, $skipped skipped" | tee "$results/summary.txt"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
