#!/usr/bin/env bash
# OpenAI's own SDK for Node, and those that are built on its API, against the packaged application. Needs ./mvnw package before it, java, node 20 or later and npm.
set -euo pipefail
cd "$(dirname "$0")/../../.."

jar=$PWD/target/quarkus-app/quarkus-run.jar
if [[ ! -f $jar ]]; then
  echo "no $jar (expected: ./mvnw package has made it)" >&2
  exit 1
fi

# Nothing of npm's beside the sources.
mkdir -p target/conformance
cp src/test/conformance/package.json src/test/conformance/*.mjs target/conformance/
cd target/conformance
npm install --no-audit --no-fund --no-package-lock --loglevel=error
home=$OLDPWD
LASTCALL_HOME=$home LASTCALL_JAR=$jar node --test all.mjs
