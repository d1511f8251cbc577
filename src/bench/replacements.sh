#!/usr/bin/env bash
# A hundred replacements of pods in each seat, under load, with the packaged application. Prints what rehearse prints; exit code 1 where anything was lost.
# SEATS ("service supervisor sidecar grpc") chooses, ROUNDS (25) rounds of four pods each; OUT keeps JSON and HTML of each.
set -euo pipefail
cd "$(dirname "$0")/../.."
SEATS=${SEATS:-service supervisor sidecar grpc} ROUNDS=${ROUNDS:-25} OUT=${OUT:-target/replacements}
jar=target/quarkus-app/quarkus-run.jar pods=src/bench/peers
[[ -f $jar ]] || { echo "$jar: missing (expected: the packaged application); run ./mvnw -DskipTests package" >&2; exit 1; }
mkdir -p "$OUT"
failed=0
for seat in $SEATS; do
  program=(--path / --slow /slow --stream /events/60)
  beside=(--ready "http://127.0.0.1:{management}/q/health/ready" --pre-stop "http://127.0.0.1:{management}/drain/pre-stop"
    --command "$pods/sidecar.sh lastcall {port} {application} {management}")
  case $seat in
    service) options=() ;;
    supervisor) options=(--supervised --command "node $pods/node/server.mjs" --env ALONE=1 --ready / "${program[@]}") ;;
    sidecar) options=("${beside[@]}" "${program[@]}") ;;
    grpc) options=("${beside[@]}" --env GRPC=1 --load grpc --grpc /peer.Events/Count) ;;
    *) echo "SEATS: $seat (expected: service, supervisor, sidecar or grpc)" >&2; exit 1 ;;
  esac
  echo "== $seat"
  java -Xmx256m -jar "$jar" rehearse --replicas 4 --surge 4 --rounds "$ROUNDS" --withdrawal 0..2s --users 4 --seed 20 \
    --json "$OUT/$seat.json" --report "$OUT/$seat.html" "${options[@]}" || failed=1
done
exit "$failed"
