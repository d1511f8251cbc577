#!/bin/sh
# Runs tests that fail and leave processes behind: the build must end by itself, red, and with nothing left of them.
# Needs what "test-compile" leaves behind. Arguments: for Maven.
set -eu
cd "$(dirname "$0")/../.."
limit=600
log=target/hang.log

./mvnw --batch-mode --offline "$@" -Phang test >"$log" 2>&1 &
build=$!
seconds=0
while kill -0 "$build" 2>/dev/null; do
  if [ "$seconds" -ge "$limit" ]; then
    kill -KILL "$build"
    echo "hang.sh: the build has not ended in $limit s (expected: less than 60 s on a quiet machine), see $log" >&2
    exit 1
  fi
  sleep 1
  seconds=$((seconds + 1))
done

code=0
wait "$build" || code=$?
if [ "$code" -eq 0 ] || ! grep -q 'Tests run: 2, Failures: 2' "$log"; then
  echo "hang.sh: Maven's exit code is $code (expected: two tests that fail), see $log" >&2
  exit 1
fi
# A zombie has ended; only its parent has not asked how.
lives() {
  kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}

# What kills them outlives the tests' JVM by a moment.
for pid in $(sed -n 's/.*left behind: //p' "$log"); do
  waited=0
  while lives "$pid"; do
    if [ "$waited" -ge 60 ]; then
      echo "hang.sh: process $pid is left (expected: killed with the tests' JVM)" >&2
      exit 1
    fi
    sleep 1
    waited=$((waited + 1))
  done
done
echo "hang.sh: red after $seconds s, nothing left"
