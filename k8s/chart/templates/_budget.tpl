{{- /*
The numbers of the drain, all from drain.gracePeriod, the profile and Lastcall's defaults, as lint computes them. They are checked here:
what does not fit fails the rendering with the sum.
*/ -}}
{{- define "lastcall.numbers" -}}
{{- $drain := .Values.drain -}}
{{- $sidecar := eq .Values.seat "sidecar" -}}
{{- $profiles := .Files.Get "profiles.yaml" | fromYaml -}}
{{- $withdrawal := get $profiles ($drain.profile | default "kube-proxy") | int -}}
{{- $min := $withdrawal -}}
{{- if not (kindIs "invalid" $drain.lameDuck.min) }}{{ $min = $drain.lameDuck.min | int }}{{ end -}}
{{- $max := add $withdrawal 8 -}}
{{- if not (kindIs "invalid" $drain.lameDuck.max) }}{{ $max = $drain.lameDuck.max | int }}{{ end -}}
{{- $cancel := 3 -}}
{{- if not (kindIs "invalid" $drain.cancelReserve) }}{{ $cancel = $drain.cancelReserve | int }}{{ end -}}
{{- $release := ternary 10 4 $sidecar -}}
{{- if not (kindIs "invalid" $drain.releaseReserve) }}{{ $release = $drain.releaseReserve | int }}{{ end -}}
{{- $margin := 1 -}}
{{- if not (kindIs "invalid" $drain.exitMargin) }}{{ $margin = $drain.exitMargin | int }}{{ end -}}
{{- $grace := add $withdrawal 28 (ternary 15 0 $sidecar) -}}
{{- if not (kindIs "invalid" $drain.gracePeriod) }}{{ $grace = $drain.gracePeriod | int }}{{ end -}}
grace: {{ $grace }}
min: {{ $min }}
max: {{ $max }}
cancel: {{ $cancel }}
release: {{ $release }}
margin: {{ $margin }}
{{- end -}}

{{- define "lastcall.grace" -}}
{{- $numbers := include "lastcall.numbers" . | fromYaml -}}
{{- $grace := $numbers.grace | int -}}
{{- $need := add $numbers.max $numbers.cancel $numbers.release $numbers.margin | int -}}
{{- if le $grace $need -}}
{{- fail (printf "drain.gracePeriod: %d (expected: > lame-duck.max + cancel-reserve + release-reserve + exit-margin = %d + %d + %d + %d = %d); raise it, or lower one of the others" $grace ($numbers.max | int) ($numbers.cancel | int) ($numbers.release | int) ($numbers.margin | int) $need) -}}
{{- end -}}
{{- if gt ($numbers.min | int) ($numbers.max | int) -}}
{{- fail (printf "drain.lameDuck.min: %d (expected: <= lame-duck.max = %d)" ($numbers.min | int) ($numbers.max | int)) -}}
{{- end -}}
{{- if and (not (kindIs "invalid" .Values.drain.streamPatience)) (gt (.Values.drain.streamPatience | int) $grace) -}}
{{- fail (printf "drain.streamPatience: %d (expected: <= gracePeriod = %d); streams are cut before it is over" (.Values.drain.streamPatience | int) $grace) -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if or (hasPrefix "LASTCALL_DRAIN_" .name) (hasPrefix "LASTCALL_PROXY_UPSTREAM" .name) -}}
{{- fail (printf "extraEnv: %s (expected: a value of drain or application); two places for one number do not stay equal" .name) -}}
{{- end -}}
{{- end -}}
{{- if dig "lastcall" "drain" (dict) .Values.config -}}
{{- fail "config: lastcall.drain (expected: values of drain); two places for one number do not stay equal" -}}
{{- end -}}
{{- $replicas := ternary .Values.autoscaling.minReplicas .Values.replicaCount .Values.autoscaling.enabled | int -}}
{{- $available := .Values.podDisruptionBudget.minAvailable -}}
{{- if and .Values.podDisruptionBudget.enabled (not (kindIs "invalid" $available)) (not (kindIs "string" $available)) (ge ($available | int) $replicas) -}}
{{- fail (printf "podDisruptionBudget.minAvailable: %d (expected: < %d, the number of pods); no pod could be evicted, and no node drained" ($available | int) $replicas) -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (.Values.autoscaling.minReplicas | int) (.Values.autoscaling.maxReplicas | int)) -}}
{{- fail (printf "autoscaling.minReplicas: %d (expected: <= maxReplicas = %d)" (.Values.autoscaling.minReplicas | int) (.Values.autoscaling.maxReplicas | int)) -}}
{{- end -}}
{{ $grace }}
{{- end -}}
