#!/usr/bin/env bash
# What a request, a stream and a run cost, from 10 at once to as many as this machine carries: figures into src/docs/growth/*.csv, pictures beside them.
# PARTS ("requests streams runs draw") chooses; "draw" alone makes the pictures of the figures that are there. SECONDS_EACH (10).
# REQUESTS, STREAMS and RUNS are the numbers at once. JAVA is the JDK's java of the processes under measurement. Nothing else should run beside it.
set -euo pipefail
cd "$(dirname "$0")/../.."
PARTS=${PARTS:-requests streams runs draw} SECONDS_EACH=${SECONDS_EACH:-10} JAVA=${JAVA:-java}
REQUESTS=${REQUESTS:-10 30 100 300 1000 3000} STREAMS=${STREAMS:-10 30 100 300 1000 2000 4000} RUNS=${RUNS:-10,30,100,300,1000,2000}
jar=target/quarkus-app/quarkus-run.jar
out=src/docs/growth
work=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null; rm -rf "$work"' EXIT
mkdir -p "$out"
[[ -f $jar ]] || { echo "$jar: missing (expected: the packaged application); run ./mvnw -DskipTests package" >&2; exit 1; }
missing=()
command -v wrk >/dev/null || missing+=(wrk)
command -v nginx >/dev/null || missing+=(nginx-light)
if ((${#missing[@]})); then RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; fi
ulimit -n "$(ulimit -Hn)"

application() { # name options...: sets NAME_pid once it has started
  local name=$1
  shift
  "$JAVA" -Xmx192m -XX:+UseSerialGC "$@" -jar "$jar" >"$work/$name.log" 2>&1 &
  pids+=($!)
  declare -g "${name}_pid=$!"
  for _ in $(seq 600); do grep -q "started in" "$work/$name.log" && return; sleep 0.1; done
  cat "$work/$name.log" >&2
  exit 1
}
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}'; }
rss() { awk '/VmRSS/ {printf "%d", $2 / 1024}' "/proc/$1/status"; }

requests() { # seat pid url
  wrk -t1 -c30 -d20 "$3" >/dev/null
  for count in $REQUESTS; do
    before=$(ticks "$2")
    wrk -t1 -c"$count" -d"$SECONDS_EACH" --latency "$3" >"$work/wrk"
    after=$(ticks "$2")
    awk -v seat="$1" -v count="$count" -v ticks=$((after - before)) -v rss="$(rss "$2")" '
      function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
      /^ *99%/ {p99 = ms($2)} /requests in/ {n = $1} /Requests\/sec/ {rate = $2} /Non-2xx|Socket errors/ {print seat, count, $0 > "/dev/stderr"}
      END {printf "%s,%d,%.0f,%.1f,%.2f,%d\n", seat, count, rate, ticks * 10000 / n, p99, rss}' "$work/wrk" | tee -a "$out/requests.csv"
  done
}

for part in $PARTS; do
  case $part in
    requests)
      cat >"$work/app.conf" <<CONF
worker_processes 1; daemon off; error_log /dev/null; pid $work/app.pid;
events { worker_connections 8192; }
http { access_log off; keepalive_timeout 3600; keepalive_requests 100000000;
  server { listen 127.0.0.1:18100 backlog=4096; location / { return 200 "hello from the application, in about as many bytes as a small answer has\n"; } } }
CONF
      nginx -p "$work" -c "$work/app.conf" 2>/dev/null &
      pids+=($!)
      echo "seat,at_once,requests_per_s,us_per_request,p99_ms,rss_mib" | tee "$out/requests.csv"
      application sidecar -Dlastcall.proxy.upstream=http://127.0.0.1:18100 -Dlastcall.proxy.listen=127.0.0.1:18101 -Dquarkus.management.port=19101
      requests sidecar "$sidecar_pid" http://127.0.0.1:18101/
      kill "$sidecar_pid"
      application service -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port=18102 -Dquarkus.management.port=19102
      requests service "$service_pid" http://127.0.0.1:18102/v1/models
      kill "$service_pid"
      ;;
    streams)
      javac -d "$work/classes" src/bench/java/dev/lastcall/proxy/*.java
      echo "seat,at_once,events_per_s,us_per_event,p50_ms,p99_ms,bytes_per_stream" | tee "$out/streams.csv"
      application events -Dlastcall.proxy.upstream=http://127.0.0.1:18103 -Dlastcall.proxy.listen=127.0.0.1:18104 -Dquarkus.management.port=19104
      clients() { "$JAVA" -Xmx1g -cp "$work/classes" dev.lastcall.proxy.Streams 18103 "$1" "$2" "$SECONDS_EACH" "$3"; }
      clients 18104 300 0 >/dev/null
      for count in $STREAMS; do
        for seat in none sidecar; do
          if [[ $seat == none ]]; then clients 18103 "$count" 0; else clients 18104 "$count" "$events_pid"; fi |
            awk -v seat="$seat" -F'[= ]' '/^streams=/ {for (i = 1; i < NF; i++) v[$i] = $(i + 1)} /^CPU/ {cpu = $4} /^bytes/ {bytes = $5}
              END {printf "%s,%d,%d,%s,%s,%s,%s\n", seat, v["streams"], v["events/s"], cpu, v["p50"], v["p99"], bytes}' | tee -a "$out/streams.csv"
          sleep 2
        done
      done
      kill "$events_pid"
      ;;
    runs)
      BENCH_OPTIONS="-Dbench.growth=$RUNS -Dbench.seconds=$SECONDS_EACH" PARTS=growth src/bench/runs.sh | grep -E '^(runs,|[0-9]+,)' | tee "$out/runs.csv"
      ;;
    draw) /usr/bin/python3 src/bench/growth.py "$out" ;;
    *) echo "PARTS: $part (expected: requests, streams, runs or draw)" >&2; exit 1 ;;
  esac
done
