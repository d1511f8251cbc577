#!/usr/bin/env bash
# The run log alone, a packaged pod from model to client, and the longest gap of a client when its pod goes; idle fleets. PostgreSQL, pods and load share the machine.
# PARTS ("log end-to-end gaps tails fleet") and BENCH_OPTIONS make it shorter: "-Dbench.log-seconds=5 -Dbench.seconds=5 -Dbench.gap-clients=20".
# BENCH_CLASSPATH, a file with the libraries' class path, saves a call of Maven.
set -euo pipefail
cd "$(dirname "$0")/../.."
PARTS=${PARTS:-log end-to-end gaps tails fleet}
work=target/bench/runs
mkdir -p "$work"
for needed in target/quarkus-app/quarkus-run.jar target/classes target/test-classes; do
  [[ -e $needed ]] || { echo "$needed: missing (expected: the packaged application and its tests' classes); run ./mvnw -DskipTests package" >&2; exit 1; }
done
libraries=${BENCH_CLASSPATH:-$work/classpath}
[[ -s $libraries ]] || ./mvnw --batch-mode -q org.apache.maven.plugins:maven-dependency-plugin:build-classpath \
  -Dmdep.outputFile="$PWD/$libraries" -Dmdep.includeScope=test
classpath=target/classes:target/test-classes:$(cat "$libraries")
javac -proc:none -nowarn -d "$work/classes" -cp "$classpath" src/bench/java/dev/lastcall/run/*.java
measure() {
  # shellcheck disable=SC2086 # several options
  java ${BENCH_OPTIONS:-} -Djava.util.logging.manager=org.jboss.logmanager.LogManager -cp "$work/classes:$classpath" "dev.lastcall.run.$1"
}
for part in $PARTS; do
  case $part in
    log) measure LogBenchmark ;;
    end-to-end) measure EndToEndBenchmark ;;
    gaps) measure GapBenchmark ;;
    tails) measure TailsBenchmark ;;
    fleet) measure FleetBenchmark ;;
    growth) measure GrowthBenchmark ;;
    *) echo "PARTS: $part (expected: log, end-to-end, gaps, tails, fleet or growth)" >&2; exit 1 ;;
  esac
done
