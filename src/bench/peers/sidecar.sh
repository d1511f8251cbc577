#!/usr/bin/env bash
# A pod of two containers, the Node program without terminus and a proxy before it: sidecar.sh nginx|haproxy|lastcall PORT [APPLICATION MANAGEMENT].
# GRPC=1: the program that speaks gRPC, behind Lastcall alone.
# nginx and HAProxy are told to end as their images say (STOPSIGNAL), and the pod ends with them. The program has no handler for SIGTERM and does not
# hear of the end. Lastcall is a native sidecar, as in k8s/overlays/sidecar: the program gets SIGTERM first, Lastcall once the program has gone.
set -euo pipefail
cd "$(dirname "$0")"
port=$2 work=$(mktemp -d) script=server scheme=http
[[ -z ${GRPC:-} ]] || script=grpc scheme=h2c
trap 'kill -9 "$program" 2>/dev/null || true; rm -rf "$work"' EXIT
application=$work/app
[[ $1 != lastcall ]] || application=$3
ALONE=1 PORT=$application node "node/$script.mjs" &
program=$!
if [[ $1 == nginx ]]; then
  cat >"$work/nginx.conf" <<CONF
user root; daemon off; pid $work/pid; error_log /dev/null;
events { worker_connections 1024; }
http { access_log off; client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 127.0.0.1:$port; location / { proxy_pass http://unix:$work/app:; proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 1h; } } }
CONF
  nginx -p "$work" -c "$work/nginx.conf" 2>/dev/null &
  stop=QUIT
elif [[ $1 == lastcall ]]; then
  java -Xmx64m -XX:+UseSerialGC -Dquarkus.management.host=127.0.0.1 -Dquarkus.management.port="$4" -Dlastcall.proxy.listen="127.0.0.1:$port" \
    -Dlastcall.proxy.upstream="$scheme://127.0.0.1:$3" -jar ../../../target/quarkus-app/quarkus-run.jar &
  stop=TERM
else
  cat >"$work/haproxy.cfg" <<CONF
global
  maxconn 1000
defaults
  mode http
  timeout connect 3s
  timeout client 1h
  timeout server 1h
frontend in
  bind 127.0.0.1:$port
  default_backend app
backend app
  server app unix@$work/app
CONF
  haproxy -f "$work/haproxy.cfg" &
  stop=USR1
fi
proxy=$!
end() {
  if [[ $stop == TERM ]]; then
    kill "$program"
    wait "$program" || true
  fi
  kill -$stop "$proxy"
}
trap end TERM
while kill -0 "$proxy" 2>/dev/null; do wait "$proxy" || true; done
