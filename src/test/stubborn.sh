#!/bin/sh
# Packages the application a second time, with dev.lastcall.testing.stubborn among its classes. Needs what "package" leaves behind.
# Arguments: for Maven, as the build that calls this has them.
set -eu
cd "$(dirname "$0")/../.."
app=target/stubborn
rm -rf "$app"
mkdir -p "$app/target/classes/dev/lastcall/testing"
cp pom.xml "$app/"
cp -R target/classes/. "$app/target/classes/"
cp -R target/test-classes/dev/lastcall/testing/stubborn "$app/target/classes/dev/lastcall/testing/"
exec ./mvnw --batch-mode --quiet --offline "$@" -f "$app/pom.xml" jar:jar quarkus:build \
  -Dquarkus.arc.selected-alternatives='dev.lastcall.testing.stubborn.*'
