#!/usr/bin/env bash
# The same rehearsal against what a user would pick instead, each as its own documentation advises. Ends with a table in Markdown.
# PEERS ("quarkus spring fastapi node go nginx haproxy lastcall-node lastcall-fastapi lastcall-go lastcall-quarkus") chooses,
# RUNS ("6s 60s late", "600s" takes 20 minutes each) the streams of 6 s, of 60 s, and the withdrawal of 0 to 10 s; COST=no leaves the cost of a request out. OUT keeps each result.
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ -f target/quarkus-app/quarkus-run.jar ]] || {
  echo "target/quarkus-app/quarkus-run.jar: missing (expected: the packaged application); run ./mvnw -DskipTests package" >&2
  exit 1
}
packages=()
[[ -x /usr/sbin/nginx ]] || packages+=(nginx-light)
[[ -x /usr/sbin/haproxy ]] || packages+=(haproxy)
command -v wrk >/dev/null || packages+=(wrk)
command -v go >/dev/null || packages+=(golang-go)
/usr/bin/python3 -c 'import fastapi, uvicorn' 2>/dev/null || packages+=(python3-fastapi uvicorn)
if ((${#packages[@]})); then
  # Without a service of their own, which would take a port.
  apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
work=target/peers
mkdir -p "$work"
[[ -d src/bench/peers/node/node_modules ]] || npm install --silent --no-audit --no-fund --no-package-lock --prefix src/bench/peers/node
GO111MODULE=off GOFLAGS= go build -o "$work/go" src/bench/peers/go/main.go
for each in quarkus spring; do
  [[ -d $work/$each ]] || {
    cp -r "src/bench/peers/$each" "$work/$each"
    ./mvnw --batch-mode --quiet -f "$work/$each/pom.xml" package -DskipTests
  }
done
exec /usr/bin/python3 src/bench/peers/peers.py "$work"
