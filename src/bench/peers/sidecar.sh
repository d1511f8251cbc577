#!/usr/bin/env bash
# A pod of two containers, the Node program without terminus and nginx or HAProxy before it: sidecar.sh nginx|haproxy PORT. Each proxy is told
# to end as its image says (STOPSIGNAL), and the pod ends with it. The program has no handler for SIGTERM and does not hear of the end.
set -euo pipefail
cd "$(dirname "$0")"
port=$2 work=$(mktemp -d)
trap 'kill -9 "$program" 2>/dev/null || true; rm -rf "$work"' EXIT
ALONE=1 PORT=$work/app node node/server.mjs &
program=$!
if [[ $1 == nginx ]]; then
  cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/pid; error_log /dev/null;
events { worker_connections 1024; }
http { access_log off; client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 127.0.0.1:$port; location / { proxy_pass http://unix:$work/app:; proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 1h; } } }
CONF
  nginx -p "$work" -c "$work/nginx.conf" 2>/dev/null &
  stop=QUIT
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
trap 'kill -$stop "$proxy"' TERM
while kill -0 "$proxy" 2>/dev/null; do wait "$proxy" || true; done
