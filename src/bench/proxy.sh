#!/usr/bin/env bash
# The packaged application in the sidecar's seat beside nginx and HAProxy, all before the same nginx. Ends with a table.
# PAIRS (11), SECONDS_EACH (3), WARM_UP (35), STREAMS (2000) and JAVA (java) make it shorter or longer; HALF sets the rate of the tail. PARTS: "rate tail memory streams grpc start".
set -euo pipefail
cd "$(dirname "$0")/../.."
PAIRS=${PAIRS:-11} SECONDS_EACH=${SECONDS_EACH:-3} WARM_UP=${WARM_UP:-35} STREAMS=${STREAMS:-2000}
JAVA=${JAVA:-java} PARTS=${PARTS:-rate tail memory streams grpc start} CONNECTIONS=64
jar=target/quarkus-app/quarkus-run.jar
work=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null; rm -rf "$work"' EXIT

[[ -f $jar ]] || { echo "$jar: missing (expected: the packaged application)" >&2; exit 1; }
missing=()
command -v wrk >/dev/null || missing+=(wrk)
command -v h2load >/dev/null || missing+=(nghttp2-client)
command -v nginx >/dev/null || missing+=(nginx-light)
command -v haproxy >/dev/null || missing+=(haproxy)
if ((${#missing[@]})); then apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null; fi

# ports: 18000 the application, 18001 nginx, 18002 HAProxy, 18003 ours, 18004 events, 18005 ours before the events,
# 18006 the application by HTTP/2, 18007 nginx before it, 18008 ours before it, 18009 ours just started
head='worker_processes 2; daemon off; error_log /dev/null;
events { worker_connections 8192; }'
cat >"$work/app.conf" <<CONF
$head pid $work/app.pid;
http { access_log off; keepalive_timeout 3600; keepalive_requests 100000000;
  server { listen 127.0.0.1:18000 backlog=4096; location / { return 200 "hello from the application, in about as many bytes as a small answer has\n"; } } }
CONF
# Calls of one message each; nginx' grpc_pass wants its answers to be gRPC's by their type alone.
cat >"$work/grpc.conf" <<CONF
$head pid $work/grpc.pid;
http { access_log off; keepalive_timeout 3600; keepalive_requests 100000000; default_type application/grpc;
  upstream app { server 127.0.0.1:18006; keepalive 128; keepalive_requests 100000000; }
  server { listen 127.0.0.1:18006 http2 backlog=4096; location / { return 200 "an answer of about as many bytes as a small message has\n"; } }
  server { listen 127.0.0.1:18007 http2 backlog=4096; location / { grpc_pass grpc://app; } } }
CONF
cat >"$work/nginx.conf" <<CONF
$head pid $work/nginx.pid;
http { access_log off; keepalive_timeout 3600; keepalive_requests 100000000;
  upstream app { server 127.0.0.1:18000; keepalive 128; keepalive_requests 100000000; }
  server { listen 127.0.0.1:18001 backlog=4096;
    location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host \$host;
      proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto \$scheme; } } }
CONF
cat >"$work/haproxy.cfg" <<CONF
global
  nbthread 2
  maxconn 5000
defaults
  mode http
  timeout connect 3s
  timeout client 1h
  timeout server 1h
  option forwardfor
  http-reuse always
frontend in
  bind 127.0.0.1:18002 backlog 4096
  default_backend app
backend app
  server app 127.0.0.1:18000
CONF
for name in app nginx grpc; do
  nginx -p "$work" -c "$work/$name.conf" 2>"$work/$name.err" &
  pids+=($!)
  declare "${name}_pid=$!"
done
haproxy -f "$work/haproxy.cfg" >"$work/haproxy.err" 2>&1 &
haproxy_pid=$!
pids+=("$haproxy_pid")

# The options of k8s/overlays/sidecar.
options=$(sed -n 's/^ *value: \(-XX:.*\)$/\1/p' k8s/overlays/sidecar/deployment.yaml)
sidecar() { # name port upstream management [scheme]
  # shellcheck disable=SC2086 # several options
  "$JAVA" $options -XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError -Dlastcall.proxy.upstream="${5:-http}://127.0.0.1:$3" \
    -Dlastcall.proxy.listen="127.0.0.1:$2" -Dquarkus.management.port="$4" -jar "$jar" >"$work/$1.log" 2>&1 &
  pids+=($!)
  declare -g "$1_pid=$!"
  for _ in $(seq 100); do grep -q "started in" "$work/$1.log" && return; sleep 0.2; done
  cat "$work/$1.log" >&2
  exit 1
}
rss() { awk '/VmRSS/ {printf "%.0f MiB", $2 / 1024}' "/proc/$1/status"; }
ticks() { # user and system time of a process and its children, in ticks of 10 ms
  local sum=0 pid
  for pid in "$1" $(pgrep -P "$1" || true); do
    sum=$((sum + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{print $12 + $13}')))
  done
  echo "$sum"
}
median() { sort -g "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

sidecar ours 18003 18000 19003
sleep 3
idle_rss=$(rss "$ours_pid")
declare -A port=([nginx]=18001 [haproxy]=18002 [ours]=18003)

# The compiler gets little of two cores that are busy: half a minute is what it needs.
if [[ $PARTS == *rate* || $PARTS == *tail* ]]; then wrk -t2 -c$CONNECTIONS -d"$WARM_UP" http://127.0.0.1:18003/ >/dev/null; fi

if [[ $PARTS == *rate* ]]; then
  for pair in $(seq "$PAIRS"); do
    order="ours nginx haproxy"
    ((pair % 2)) || order="haproxy nginx ours"
    for name in $order; do
      pid_name=${name}_pid
      before=$(ticks "${!pid_name}")
      wrk -t2 -c$CONNECTIONS -d"$SECONDS_EACH" "http://127.0.0.1:${port[$name]}/" >"$work/wrk"
      after=$(ticks "${!pid_name}")
      awk -v ticks=$((after - before)) '/requests in/ {n = $1} /Requests\/sec/ {r = $2} /Non-2xx|Socket errors/ {print > "/dev/stderr"}
        END {printf "%.0f %.2f\n", r, ticks * 10000 / n}' "$work/wrk" >"$work/one"
      cut -d' ' -f1 "$work/one" >>"$work/$name.rate"
      cut -d' ' -f2 "$work/one" >>"$work/$name.cpu"
    done
    paste -d' ' <(tail -1 "$work/ours.rate") <(tail -1 "$work/nginx.rate") | awk '{print $1 / $2}' >>"$work/ratio"
    paste -d' ' <(tail -1 "$work/ours.cpu") <(tail -1 "$work/nginx.cpu") | awk '{print $1 / $2}' >>"$work/cpu-ratio"
    echo "pair $pair: ours $(tail -1 "$work/ours.rate")/s nginx $(tail -1 "$work/nginx.rate")/s haproxy $(tail -1 "$work/haproxy.rate")/s"
  done
fi

if [[ $PARTS == *tail* ]]; then
  half=${HALF:-$(($(if [[ -f $work/ours.rate ]]; then median "$work/ours.rate"; else echo 10000; fi) / 2))}
  for pair in $(seq "$PAIRS"); do
    order="ours nginx"
    ((pair % 2)) || order="nginx ours"
    for name in $order; do
      rm -f "$work/times"
      h2load --h1 -t1 -c$CONNECTIONS --rps=$((half / CONNECTIONS)) -D"$SECONDS_EACH" --log-file="$work/times" \
        "http://127.0.0.1:${port[$name]}/" >/dev/null
      cut -f3 "$work/times" | sort -g | awk '{v[NR] = $1} END {print v[int(NR * 0.99)] / 1000}' >>"$work/$name.p99"
    done
  done
fi
if [[ $PARTS == *rate* || $PARTS == *tail* ]]; then loaded_rss=$(rss "$ours_pid"); fi

javac -d "$work/classes" src/bench/java/dev/lastcall/proxy/*.java
if [[ $PARTS == *memory* ]]; then
  # Below max-connections, which is a connection for 16 KiB of heap: those that are closed for it cost nothing.
  idle=$("$JAVA" -cp "$work/classes" dev.lastcall.proxy.Idle 18003 "$ours_pid" 3500)
fi
if [[ $PARTS == *streams* ]]; then
  sidecar events 18005 18004 19005
  direct=$("$JAVA" -Xmx1g -cp "$work/classes" dev.lastcall.proxy.Streams 18004 18004 "$STREAMS" 10 0)
  "$JAVA" -Xmx1g -cp "$work/classes" dev.lastcall.proxy.Streams 18004 18005 "$STREAMS" 10 0 >/dev/null
  sleep 2
  relayed=$("$JAVA" -Xmx1g -cp "$work/classes" dev.lastcall.proxy.Streams 18004 18005 "$STREAMS" 10 "$events_pid")
fi
if [[ $PARTS == *grpc* ]]; then
  sidecar calls 18008 18006 19008 h2c
  printf '\0\0\0\0\5hello' >"$work/message"
  call() { # port seconds
    h2load -t1 -c16 -m8 -D"$2" -d "$work/message" -H 'content-type: application/grpc' -H 'te: trailers' "http://127.0.0.1:$1/a.Service/Call"
  }
  call 18008 "$WARM_UP" >/dev/null
  for pair in $(seq "$PAIRS"); do
    order="18008 18007"
    ((pair % 2)) || order="18007 18008"
    for port in $order; do
      call "$port" "$SECONDS_EACH" | awk '/^finished in/ {print $4 + 0} /^status codes/ && $5 + $7 + $9 > 0 {print > "/dev/stderr"}' >>"$work/grpc-$port"
    done
    paste -d' ' <(tail -1 "$work/grpc-18008") <(tail -1 "$work/grpc-18007") | awk '{print $1 / $2}' >>"$work/grpc-ratio"
  done
fi
if [[ $PARTS == *start* ]]; then
  for start in 1 2 3; do
    sidecar "start$start" 18009 18000 19009
    wrk -t2 -c$CONNECTIONS -d4 http://127.0.0.1:18009/ >/dev/null
    wrk -t2 -c$CONNECTIONS -d1 http://127.0.0.1:18009/ | awk '/Requests\/sec/ {print $2}' >"$work/one"
    wrk -t2 -c$CONNECTIONS -d1 http://127.0.0.1:18001/ | awk '/Requests\/sec/ {print $2}' | paste -d' ' "$work/one" - | awk '{print $1 / $2}' >>"$work/start"
    declare -n started="start${start}_pid"
    kill "$started"
    wait "$started" 2>/dev/null || true
  done
fi
if [[ $PARTS == *memory* && -n ${loaded_rss:-} ]]; then
  sleep 60
  later_rss=$(rss "$ours_pid")
fi

echo "| measured | ours | nginx | HAProxy | ours / nginx | target |"
echo "|---|---|---|---|---|---|"
if [[ $PARTS == *rate* ]]; then
  echo "| requests/s, 64 connections | $(median "$work/ours.rate") | $(median "$work/nginx.rate") | $(median "$work/haproxy.rate") | $(median "$work/ratio") | ≥ 0.75 |"
  echo "| CPU a request, µs | $(median "$work/ours.cpu") | $(median "$work/nginx.cpu") | $(median "$work/haproxy.cpu") | $(median "$work/cpu-ratio") | ≤ 1.6 |"
fi
if [[ $PARTS == *tail* ]]; then
  echo "| p99 at $half/s, ms | $(median "$work/ours.p99") | $(median "$work/nginx.p99") | | | + 1 ms |"
fi
echo "| RSS 3 s after the start | $idle_rss | | | | ≤ 128 MiB |"
if [[ -n ${later_rss:-} ]]; then
  echo "| RSS after the load, a minute later | $loaded_rss, $later_rss | | | | ≤ 192 MiB |"
fi
if [[ $PARTS == *memory* ]]; then echo "| ${idle%:*} | ${idle#*: } | | | | ≤ 10240 |"; fi
if [[ $PARTS == *streams* ]]; then
  echo "| $STREAMS event streams, direct | ${direct} | | | | |"
  echo "| relayed | $(head -1 <<<"$relayed") | | | | p99 ≤ direct + 5 ms |"
  echo "| bytes an open stream | $(tail -1 <<<"$relayed" | sed 's/.*: //') | | | | ≤ 32768 |"
fi
if [[ $PARTS == *grpc* ]]; then
  echo "| gRPC calls/s, 16 connections of 8 calls | $(median "$work/grpc-18008") | $(median "$work/grpc-18007") | | $(median "$work/grpc-ratio") | ≥ 0.6 |"
fi
if [[ $PARTS == *start* ]]; then echo "| requests/s in the fifth second after a start | | | | $(median "$work/start") | ≥ 0.65 |"; fi
