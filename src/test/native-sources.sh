#!/bin/sh
# Makes the sources of a native executable, in a folder of their own. Needs what "package" leaves behind, and no native-image.
# Arguments: for Maven, as the build that calls this has them.
set -eu
cd "$(dirname "$0")/../.."
app=target/native
rm -rf "$app"
mkdir -p "$app/target/classes"
cp pom.xml "$app/"
cp -R target/classes/. "$app/target/classes/"
exec ./mvnw --batch-mode --quiet "$@" -f "$app/pom.xml" jar:jar quarkus:build \
  -Dquarkus.package.jar.enabled=false -Dquarkus.native.enabled=true -Dquarkus.native.sources-only=true
