#!/usr/bin/env bash
# Measures the packaged jar against itself without its gate, and against a plain Quarkus application. Ends with a table.
# Options for a shorter run: BENCH_OPTIONS="-Dbench.gate-pairs=5 -Dbench.exit-pairs=5 -Dbench.requests=40000"
set -euo pipefail
cd "$(dirname "$0")/../.."
work=target/bench
maven=(./mvnw --batch-mode -o -q)

[[ -f target/quarkus-app/quarkus-run.jar ]] || {
  echo "target/quarkus-app/quarkus-run.jar: missing (expected: the packaged application); run ./mvnw -DskipTests package" >&2
  exit 1
}

# The same classes; only the bean that puts the gate on the router is left out.
"${maven[@]}" quarkus:build -Dquarkus.arc.exclude-types=dev.lastcall.http.RouterGate \
  -Dquarkus.package.output-directory=bench/without-gate

# The same dependencies, no code of ours.
plain=$work/plain-application
mkdir -p "$plain/src/main/java/plain" "$plain/src/main/resources"
cp pom.xml "$plain/"
cat >"$plain/src/main/java/plain/Hello.java" <<'JAVA'
package plain;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

@Path("/")
public class Hello {
    @GET
    public String hello() {
        return "hello";
    }
}
JAVA
cat >"$plain/src/main/resources/application.properties" <<'PROPERTIES'
quarkus.management.enabled=true
quarkus.datasource.db-kind=postgresql
quarkus.devservices.enabled=false
PROPERTIES
"${maven[@]}" -f "$plain/pom.xml" package -DskipTests -DskipITs -DskipPitest -Djacoco.skip -Dspotless.check.skip

javac -d "$work/classes" src/bench/java/dev/lastcall/http/*.java
# shellcheck disable=SC2086 # several options
java ${BENCH_OPTIONS:-} -cp "$work/classes" dev.lastcall.http.Processes \
  target/quarkus-app "$work/without-gate" "$plain/target/quarkus-app"
