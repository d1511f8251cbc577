#!/usr/bin/env bash
# Rolls a deployment under load on the cluster that KUBECONFIG points to, and fails on any lost request or stream.
#
#   k8s/e2e.sh base|dev|sidecar|sidecar-classic|component|chart|watch [--control]
#
# component: k8s/e2e/app.yaml with the sidecar's component. chart: the chart in the sidecar's seat. Both as native sidecars where the cluster has them.
# watch: k8s/base with the component that watches the pod, and a hook that hangs, as one whose port is dropped on the way. Its control has no watch.
# --control takes the preStop away and leaves one second until the kill: that run must lose something, or the load proves nothing.
# Needs kubectl 1.22 or later (for its kustomize) and a JDK. The environment says how images come into the cluster:
#   E2E_BUILD, E2E_LOAD          commands that build and load $IMAGE (docker build -f Dockerfile.jvm -t "$IMAGE" . / kind load docker-image "$IMAGE")
#   E2E_APP_BUILD, E2E_APP_LOAD  the same for the application behind the sidecar (docker build -t "$IMAGE" k8s/e2e / …)
#   E2E_IMAGES                   other images to replace, as "postgres=localhost/postgres:18 redis=…"
#   E2E_URL                      the Service as this machine reaches it; default: its cluster address, which a node reaches
#   E2E_HELM                     what renders the chart; default: helm
#   E2E_ROUNDS                   rollouts, one after the other; default 2
set -euo pipefail
cd "$(dirname "$0")/.."
seat=${1:?usage: k8s/e2e.sh base|dev|sidecar|sidecar-classic|component|chart|watch [--control]}
control=${2:-}
rounds=${E2E_ROUNDS:-2}
namespace=lastcall-e2e-$seat
work=target/e2e/$seat
rm -rf "$work" && mkdir -p "$work"
case $seat in
  sidecar* | component | chart) name=app kind=sidecar ;;
  *) name=lastcall kind=service ;;
esac
say() { echo "e2e: $*"; }
k() { kubectl --namespace "$namespace" "$@"; }

image() { # NAME BUILD LOAD: builds and loads localhost/NAME:e2e
  export IMAGE=localhost/$1:e2e
  bash -euc "$2"
  bash -euc "$3"
}
image lastcall "${E2E_BUILD:-docker build -f Dockerfile.jvm -t \"\$IMAGE\" .}" "${E2E_LOAD:?a command that loads \$IMAGE into the cluster, or :}"
images=("lastcall=localhost/lastcall:e2e")
if [[ $kind == sidecar ]]; then
  image app "${E2E_APP_BUILD:-docker build -t \"\$IMAGE\" k8s/e2e}" "${E2E_APP_LOAD:-$E2E_LOAD}"
  images+=("app=localhost/app:e2e")
fi
for each in ${E2E_IMAGES:-}; do images+=("$each"); done

server=$(kubectl version -o json 2> /dev/null | sed -n '/serverVersion/,$s/.*"gitVersion": "v\{0,1\}\([0-9.]*\).*/\1/p')
minor=$(cut -d. -f2 <<< "$server")
# Where Lastcall is a container like the application, it has a preStop too.
classic=$([[ $seat == sidecar-classic ]] || { [[ $seat == component || $seat == chart ]] && ((minor < 29)); } && echo yes || true)
if [[ $seat == chart ]]; then
  ${E2E_HELM:-helm} template app k8s/chart --kube-version "$server" --set seat=sidecar --set drain.gracePeriod=45 > "$work/chart.yaml"
fi

{
  case $seat in
    base) echo "resources: [../../../k8s/base]" ;;
    watch)
      echo "resources: [../../../k8s/base]"
      if [[ -z $control ]]; then echo "components: [../../../k8s/components/watch]"; fi
      ;;
    chart) echo "resources: [chart.yaml]" ;;
    component)
      # Kustomize reads no file above its own folder.
      cp k8s/e2e/app.yaml "$work/"
      echo "resources: [app.yaml]"
      echo "components: [../../../k8s/components/sidecar${classic:+-classic}]"
      ;;
    *) echo "resources: [../../../k8s/overlays/$seat]" ;;
  esac
  echo "namespace: $namespace"
  echo "images:"
  for each in "${images[@]}"; do
    new=${each#*=}
    echo "  - {name: ${each%%=*}, newName: ${new%:*}, newTag: '${new##*:}'}"
  done
  if [[ $seat == watch ]]; then
    echo "patches:"
    echo "  - target: {kind: Deployment}"
    echo "    patch: |-"
    echo "      - {op: replace, path: /spec/template/spec/containers/0/lifecycle/preStop, value: {exec: {command: [sleep, '300']}}}"
    # Shorter than the long streams by far, and than what the pod was told.
    echo "      - {op: replace, path: /spec/template/spec/terminationGracePeriodSeconds, value: 15}"
  elif [[ $control == --control ]]; then
    echo "patches:"
    echo "  - target: {kind: Deployment}"
    echo "    patch: |-"
    echo "      - {op: replace, path: /spec/template/spec/terminationGracePeriodSeconds, value: 1}"
    echo "      - {op: remove, path: /spec/template/spec/containers/0/lifecycle}"
    if [[ -n $classic ]]; then echo "      - {op: remove, path: /spec/template/spec/containers/1/lifecycle}"; fi
  fi
} > "$work/kustomization.yaml"
kubectl kustomize "$work" > "$work/all.yaml"

# What this cluster's version does not know is left out, with a word.
kubectl api-resources --no-headers | awk '{print $(NF-2) "/" $NF}' > "$work/kinds"
awk -v kinds="$work/kinds" -v left="$work/left-out" '
  function flush() { if (doc != "") { if (api "/" kind in known) printf "%s---\n", doc; else print api "/" kind > left } doc = api = kind = "" }
  BEGIN { while ((getline line < kinds) > 0) known[line] = 1 }
  /^---$/ { flush(); next }
  /^apiVersion: / { api = $2 }
  /^kind: / { kind = $2 }
  { doc = doc $0 "\n" }
  END { flush() }' "$work/all.yaml" > "$work/known.yaml"
if [[ -s $work/left-out ]]; then say "not in this cluster, left out: $(paste -sd' ' "$work/left-out")"; fi

finish() {
  exec 3>&- || true
  for job in $(jobs -p); do kill "$job" 2> /dev/null || true; done
  if [[ -z ${E2E_KEEP:-} ]]; then kubectl delete namespace "$namespace" --wait=false > /dev/null 2>&1 || true; fi
}
trap finish EXIT
pods() { k get pods --selector "app.kubernetes.io/name=$name" --field-selector=status.phase!=Failed -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}'; }

kubectl delete namespace "$namespace" --ignore-not-found --timeout=120s > /dev/null
kubectl create namespace "$namespace" > /dev/null
# matchLabelKeys came with 1.27; older servers drop it, and older clients refuse it.
k apply $( ((minor < 27)) && echo --validate=false) -f "$work/known.yaml" > "$work/apply.log"
k rollout status "deployment/$name" --timeout=300s > /dev/null || { k get pods; k describe pods | tail -40; exit 2; }
url=${E2E_URL:-http://$(k get service "$name" -o jsonpath='{.spec.clusterIP}')}
say "$seat${control:+ (control)} on Kubernetes $server, load on $url"

mkfifo "$work/end"
java k8s/e2e/Load.java "$url" "$kind" 900 "$([[ $seat == watch ]] && echo 2000 || echo 900)" < "$work/end" > "$work/load.log" &
load=$!
exec 3> "$work/end"
for _ in $(seq 120); do grep -q READY "$work/load.log" && break; kill -0 "$load"; sleep 0.5; done
grep -q READY "$work/load.log"

for round in $(seq "$rounds"); do
  before=$(pods)
  for pod in $before; do k logs --follow "$pod" --container lastcall > "$work/$round-$pod.log" 2>&1 & done
  begin=$SECONDS
  k rollout restart "deployment/$name" > /dev/null
  k rollout status "deployment/$name" --timeout=300s > /dev/null
  for pod in $before; do k wait --for=delete "pod/$pod" --timeout=120s > /dev/null 2>&1 || true; done
  after=$(pods)
  for pod in $before; do
    if grep -qx "$pod" <<< "$after"; then say "pod $pod is still there"; exit 2; fi
  done
  say "round $round: $(wc -w <<< "$before") pods replaced in $((SECONDS - begin)) s"
done

exec 3>&-
wait "$load" && lost=no || lost=yes
for report in "$work"/*-*.log; do
  say "$(basename "$report" .log): $(sed -n 's/.*{\("exit-code":[^,]*\),.*\("served".*"crossed":[0-9]*\).*/\1 \2/p' "$report" | tr -d '"')"
done
grep -v READY "$work/load.log" | sed 's/^/e2e: /'
if [[ $control == --control ]]; then
  [[ $lost == yes ]] || { say "FAILED: the control lost nothing, so this load would not show a loss"; exit 1; }
  say "PASSED: without what ends the pod the same load loses"
else
  [[ $lost == no ]] || { say "FAILED: see the lines above"; exit 1; }
  say "PASSED: nothing lost"
fi
