#!/bin/sh
# Builds the library, and the example application with it (shop), without it (plain) and with settings of its own everywhere (odd), in target/library.
# Arguments: for Maven, as the build that calls this has them.
set -eu
cd "$(dirname "$0")/../.."
sources=$PWD/src/main/java
out=target/library
rm -rf "$out"
mkdir -p "$out"
cp -R src/library "$out/library"
for app in shop plain odd; do
  cp -R src/examples/quarkus-app "$out/$app"
  sed -i.bak "s#<artifactId>shop</artifactId>#<artifactId>shop-$app</artifactId>#" "$out/$app/pom.xml"
done
code=src/main/java/com/example/shop
# Without the dependency, and without the two classes that use it.
sed -i.bak '/<!-- The drain. -->/,/<\/dependency>/d' "$out/plain/pom.xml"
rm -r "$out/plain/$code/Mail.java" "$out/plain/$code/ReportResource.java" "$out/plain/src/test"
# Without health.
sed -i.bak '/<!-- health -->/,/<!-- health -->/d' "$out/odd/pom.xml"
rm -r "$out/odd/src/test"
cp src/test/library/java/com/example/shop/*.java "$out/odd/$code/"
cp src/test/library/resources/application.properties "$out/odd/src/main/resources/"
cat > "$out/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dev.lastcall</groupId>
  <artifactId>library-tests</artifactId>
  <version>0.1.0-SNAPSHOT</version>
  <packaging>pom</packaging>
  <modules>
    <module>library</module>
    <module>shop</module>
    <module>plain</module>
    <module>odd</module>
  </modules>
</project>
POM
# The first compiler alone: each part lives for seconds.
MAVEN_OPTS="${MAVEN_OPTS:-} -XX:TieredStopAtLevel=1"
export MAVEN_OPTS
exec ./mvnw --batch-mode --quiet "$@" -f "$out/pom.xml" "-Dlastcall.sources=$sources" package
