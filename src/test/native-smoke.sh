#!/usr/bin/env bash
# The native executable, built by the tools in NATIVE_TOOLS, and some of the *IT against it: each seat starts, answers, streams, drains, reports and exits.
# What is missing to build it is said in one line, and is no failure; an executable that cannot be built or that fails a test is one.
# Arguments: for the Maven that builds it. NATIVE_SECONDS: what the build may take; one that needs longer counts as missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=${NATIVE_TOOLS:-../shared/native}
limit=${NATIVE_SECONDS:-1200}
out=$PWD/target/native-executable
# The ports and signals of each seat, its WebSockets, a run and its log, the commands.
chosen=PackagedJarIT,EnvironmentIT,PreStopIT,LameDuckIT,SidecarIT,SupervisorIT,LintIT

skip() {
  echo "== $1: the native executable was not tried"
  exit 0
}

[[ -x $tools/toolchain.sh && -x $tools/build.sh ]] || skip "nothing in $tools that builds it"
available=$(awk '/^MemAvailable:/ {print int($2 / 1024 / 1024)}' /proc/meminfo 2>/dev/null || echo 0)
((available >= 7)) || skip "$available GiB of memory are free (expected: 7)"
start=$SECONDS
export GRAALVM_HOME=${GRAALVM_HOME:-$PWD/target/graalvm}
timeout "$limit" "$tools/toolchain.sh" "$GRAALVM_HOME" || skip "no GraalVM could be made in $GRAALVM_HOME"

echo "== native executable: build"
status=0
timeout "$limit" "$tools/build.sh" . "$out" "$@" || status=$?
((status != 124)) || skip "not built within $limit s"
((status == 0)) || exit "$status"
built=$SECONDS

echo "== chosen *IT against the native executable"
./mvnw --batch-mode -Dlastcall.it.executable="$out/lastcall" -Dit.test="$chosen" failsafe:integration-test failsafe:verify
echo "== native executable: built in $((built - start)) s, tested in $((SECONDS - built)) s"
