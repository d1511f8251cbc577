#!/usr/bin/env bash
# The native executable, built by the tools in NATIVE_TOOLS, and some of the *IT against it: each seat starts, answers, streams, drains, reports and exits.
# What is missing to build it is said in one line, and is no failure; an executable that cannot be built or that fails a test is one.
# "native-smoke.sh build" and "native-smoke.sh test" are its halves; other arguments are for the Maven that builds.
# NATIVE_SECONDS: what the build may take; one that needs longer counts as missing. NATIVE_MEMORY: the GiB that must be free.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=${NATIVE_TOOLS:-../shared/native}
limit=${NATIVE_SECONDS:-1200}
memory=${NATIVE_MEMORY:-7}
out=$PWD/target/native-executable
skipped=$out/skipped
# The ports and signals of each seat, its WebSockets, a run and its log, the commands.
chosen=PackagedJarIT,EnvironmentIT,PreStopIT,LameDuckIT,SidecarIT,SupervisorIT,LintIT

skip() {
  echo "== $1: the native executable was not tried" | tee "$skipped"
  exit 0
}

build() {
  mkdir -p "$out"
  rm -f "$skipped" "$out/lastcall"
  [[ -x $tools/toolchain.sh && -x $tools/build.sh ]] || skip "nothing in $tools that builds it"
  available=$(awk '/^MemAvailable:/ {print int($2 / 1024 / 1024)}' /proc/meminfo 2>/dev/null || echo 0)
  ((available >= memory)) || skip "$available GiB of memory are free (expected: $memory)"
  local start=$SECONDS
  export GRAALVM_HOME=${GRAALVM_HOME:-$PWD/target/graalvm}
  timeout "$limit" "$tools/toolchain.sh" "$GRAALVM_HOME" || skip "no GraalVM could be made in $GRAALVM_HOME"

  echo "== native executable: build"
  local status=0
  # -Ob: what is in the executable and what is left out is decided as for a release; its code is less optimised, and is compiled in half the time.
  timeout "$limit" "$tools/build.sh" . "$out" -Dquarkus.native.additional-build-args-append=-Ob "$@" || status=$?
  ((status != 124)) || skip "not built within $limit s"
  ((status == 0)) || exit "$status"
  echo "== native executable: built in $((SECONDS - start)) s"
}

tests() {
  if [[ -e $skipped ]]; then
    cat "$skipped"
    exit 0
  fi
  local start=$SECONDS
  echo "== chosen *IT against the native executable"
  ./mvnw --batch-mode -Dlastcall.it.executable="$out/lastcall" -Dit.test="$chosen" failsafe:integration-test failsafe:verify
  echo "== native executable: tested in $((SECONDS - start)) s"
}

case ${1:-} in
  build)
    shift
    build "$@"
    ;;
  test) tests ;;
  *)
    build "$@"
    tests
    ;;
esac
