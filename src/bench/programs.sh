#!/usr/bin/env bash
# Rolls real programs (uvicorn, gunicorn, nginx, redis-server, celery, from Debian's packages) under load: each runs in an old and then a new
# process of the packaged jar, as sidecar and supervisor together. Ends with a table; exits with 1 where anything was lost or left behind.
# Then a stop of 800 children, and 10 000 clients of the line server (ulimit -n 20000).
# PROGRAMS ("uvicorn gunicorn nginx redis celery children lines") and JAVA (java) choose.
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ -f target/quarkus-app/quarkus-run.jar ]] || {
  echo "target/quarkus-app/quarkus-run.jar: missing (expected: the packaged application); run ./mvnw -DskipTests package" >&2
  exit 1
}
packages=()
for package in celery gunicorn nginx-light redis-server uvicorn python3-redis; do
  case $package in
    python3-redis) /usr/bin/python3 -c 'import redis' 2>/dev/null || packages+=("$package") ;;
    nginx-light) [[ -x /usr/sbin/nginx ]] || packages+=("$package") ;;
    *) [[ -x /usr/bin/$package ]] || packages+=("$package") ;;
  esac
done
if ((${#packages[@]})); then
  # Without a service of their own, which would take a port.
  apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
exec /usr/bin/python3 src/bench/programs/roll.py
