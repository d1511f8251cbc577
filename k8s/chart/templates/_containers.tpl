{{- define "lastcall.native" -}}
{{- if kindIs "bool" .Values.sidecar.native -}}
{{ ternary "yes" "" .Values.sidecar.native }}
{{- else if semverCompare ">=1.29-0" .Capabilities.KubeVersion.Version -}}
yes
{{- end -}}
{{- end -}}

{{- define "lastcall.preStop" -}}
# Answers when the traffic has ended. SIGTERM comes after it.
preStop:
  httpGet:
    path: /drain/pre-stop
    port: 9000
    # By which the hook is told from a page in somebody's browser.
    httpHeaders:
      - name: X-Lastcall-Pre-Stop
        value: "1"
{{- end -}}

{{- define "lastcall.probes" -}}
startupProbe:
  httpGet:
    path: /q/health/started
    port: 9000
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 90
readinessProbe:
  httpGet:
    path: /q/health/ready
    port: 9000
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  httpGet:
    path: /q/health/live
    port: 9000
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end -}}

{{- /* The keys of the Secret as variables: those that are needed, and those that may be missing. */ -}}
{{- define "lastcall.secretEnv" -}}
{{- $secret := .Values.existingSecret -}}
{{- $needed := dict "QUARKUS_DATASOURCE_JDBC_URL" "datasource-url" "QUARKUS_DATASOURCE_USERNAME" "datasource-username" "QUARKUS_DATASOURCE_PASSWORD" "datasource-password" "QUARKUS_REDIS_HOSTS" "redis-hosts" -}}
{{- $optional := dict "LASTCALL_MANAGEMENT_TOKEN" "operator-token" "LASTCALL_MODEL_OPENAI_API_KEY" "model-api-key" -}}
{{- if eq .Values.seat "sidecar" -}}
{{- $needed = dict -}}
{{- $optional = dict "LASTCALL_MANAGEMENT_TOKEN" "operator-token" "QUARKUS_REDIS_HOSTS" "redis-hosts" -}}
{{- end -}}
{{- range $name, $key := $needed }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $key }}
{{- end }}
{{- range $name, $key := $optional }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $key }}
      optional: true
{{- end }}
{{- end -}}

{{- define "lastcall.drainEnv" -}}
{{- $drain := .Values.drain -}}
- name: LASTCALL_DRAIN_GRACE_PERIOD
  value: {{ include "lastcall.grace" . | quote }}
{{- if or (eq .Values.seat "sidecar") (not (kindIs "invalid" $drain.releaseReserve)) }}
- name: LASTCALL_DRAIN_RELEASE_RESERVE
  value: {{ (include "lastcall.numbers" . | fromYaml).release }}s
{{- end }}
{{- with $drain.profile }}
- name: LASTCALL_DRAIN_PROFILE
  value: {{ . }}
{{- end }}
{{- $seconds := dict "LAME_DUCK_MIN" $drain.lameDuck.min "LAME_DUCK_MAX" $drain.lameDuck.max "LAME_DUCK_QUIET_PERIOD" $drain.lameDuck.quietPeriod "CANCEL_RESERVE" $drain.cancelReserve "EXIT_MARGIN" $drain.exitMargin "STREAM_PATIENCE" $drain.streamPatience -}}
{{- range $name, $value := $seconds }}
{{- if not (kindIs "invalid" $value) }}
- name: LASTCALL_DRAIN_{{ $name }}
  value: {{ $value | int }}s
{{- end }}
{{- end }}
{{- with $drain.readiness }}
- name: LASTCALL_DRAIN_READINESS
  value: {{ . }}
{{- end }}
{{- with $drain.afterLameDuck }}
- name: LASTCALL_DRAIN_AFTER_LAME_DUCK
  value: {{ . }}
{{- end }}
{{- end -}}

{{- define "lastcall.resources" -}}
{{- if .Values.resources -}}
{{ toYaml .Values.resources }}
{{- else if eq .Values.seat "sidecar" -}}
requests:
  cpu: 100m
  memory: 160Mi
  ephemeral-storage: 128Mi
limits:
  memory: 256Mi
  ephemeral-storage: 256Mi
{{- else if .Values.existingSecret -}}
requests:
  cpu: 500m
  memory: 512Mi
  ephemeral-storage: 128Mi
limits:
  memory: 1Gi
  ephemeral-storage: 256Mi
{{- else -}}
requests:
  cpu: 100m
  memory: 256Mi
  ephemeral-storage: 128Mi
limits:
  memory: 512Mi
  ephemeral-storage: 256Mi
{{- end -}}
{{- end -}}

{{- define "lastcall.container" -}}
{{- $sidecar := eq .Values.seat "sidecar" -}}
{{- $native := and $sidecar (include "lastcall.native" .) -}}
name: lastcall
image: {{ include "lastcall.image" (dict "repository" .Values.image.repository "tag" (.Values.image.tag | default .Chart.AppVersion) "digest" .Values.image.digest) }}
{{- with .Values.image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- if $native }}
# This makes it a sidecar.
restartPolicy: Always
{{- end }}
env:
  {{- if $sidecar }}
  - name: LASTCALL_PROXY_UPSTREAM
    value: http://127.0.0.1:{{ .Values.application.port | int }}
  {{- with .Values.application.protocol }}
  - name: LASTCALL_PROXY_PROTOCOL
    value: {{ . }}
  {{- end }}
  {{- end }}
  {{- include "lastcall.drainEnv" . | nindent 2 }}
  {{- with .Values.kubernetes }}
  {{- if .watch }}
  - name: LASTCALL_KUBERNETES_WATCH
    value: "true"
  {{- end }}
  {{- if .deletionCost }}
  - name: LASTCALL_KUBERNETES_DELETION_COST
    value: "true"
  {{- end }}
  {{- with .readinessGate }}
  - name: LASTCALL_KUBERNETES_READINESS_GATE
    value: {{ . }}
  {{- end }}
  {{- end }}
  {{- $options := .Values.javaToolOptions | default (ternary "-XX:+UseSerialGC -Xms16m -Xmx64m -XX:MaxDirectMemorySize=64m -XX:ReservedCodeCacheSize=48m -Xss512k" "" $sidecar) }}
  {{- with $options }}
  - name: JAVA_TOOL_OPTIONS
    value: {{ . }}
  {{- end }}
  {{- if .Values.existingSecret }}
  {{- include "lastcall.secretEnv" . | trim | nindent 2 }}
  {{- if not $sidecar }}
  # A database that starts with the pods is waited for: less than the startup probe's 180 s.
  - name: LASTCALL_RUN_START_TIMEOUT
    value: 150s
  {{- end }}
  {{- end }}
  {{- with .Values.config }}
  - name: LASTCALL_CONFIG
    value: {{ toYaml . | quote }}
  {{- end }}
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
ports:
  - name: http
    containerPort: 8080
  - name: management
    containerPort: 9000
{{- if not $native }}
lifecycle:
  {{- include "lastcall.preStop" . | nindent 2 }}
{{- end }}
{{ include "lastcall.probes" . }}
{{- if $native }}
  # A frozen sidecar ends nothing in order: its restart does not wait for the pod's whole budget, which stays the drain's.
  terminationGracePeriodSeconds: 10
{{- end }}
resources:
  {{- include "lastcall.resources" . | nindent 2 }}
securityContext:
  {{- if $sidecar }}
  runAsUser: 1001
  {{- end }}
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: ["ALL"]
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end -}}

{{- define "lastcall.application" -}}
{{- $app := .Values.application -}}
name: app
image: {{ include "lastcall.image" $app.image }}
{{- with $app.image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- range $field := list "command" "args" "env" "envFrom" "startupProbe" "livenessProbe" "volumeMounts" }}
{{- with get $app $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
readinessProbe:
  # A container that has just started counts as ready until a probe says otherwise; with this one the pod waits until the sidecar
  # reaches the application, after a crash too.
  httpGet:
    path: /q/health/ready
    port: 9000
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 3
lifecycle:
  {{- include "lastcall.preStop" . | nindent 2 }}
resources:
  {{- toYaml $app.resources | nindent 2 }}
securityContext:
  {{- toYaml $app.securityContext | nindent 2 }}
{{- end -}}
