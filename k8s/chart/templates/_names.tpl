{{- define "lastcall.fullname" -}}
{{ .Values.fullnameOverride | default .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "lastcall.name" -}}
{{ .Values.nameOverride | default (ternary .Release.Name "lastcall" (eq .Values.seat "sidecar")) }}
{{- end -}}

{{- define "lastcall.version" -}}
{{- if eq .Values.seat "sidecar" -}}
{{ .Values.application.version | default .Values.application.image.tag | default "1" }}
{{- else -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "lastcall.selector" -}}
app.kubernetes.io/name: {{ include "lastcall.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "lastcall.podLabels" -}}
{{ include "lastcall.selector" . }}
app.kubernetes.io/version: {{ include "lastcall.version" . | trunc 63 | quote }}
app.kubernetes.io/component: {{ ternary "application" "service" (eq .Values.seat "sidecar") }}
app.kubernetes.io/part-of: {{ .Values.partOf | default (include "lastcall.name" .) }}
{{- end -}}

{{- define "lastcall.labels" -}}
{{ include "lastcall.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "lastcall.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (ternary (include "lastcall.fullname" .) "default" .Values.serviceAccount.create) }}
{{- end -}}

{{- /* image: {repository, tag, digest} */ -}}
{{- define "lastcall.image" -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else if .tag -}}
{{ .repository }}:{{ .tag }}
{{- else -}}
{{ .repository }}
{{- end -}}
{{- end -}}
