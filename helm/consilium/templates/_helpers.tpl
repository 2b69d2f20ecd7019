{{- define "consilium.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "consilium.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "consilium.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "consilium.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "consilium.selector" -}}
app.kubernetes.io/name: {{ include "consilium.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "consilium.labels" -}}
{{ include "consilium.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "consilium.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "consilium.claim" -}}
{{ .Values.persistence.existingClaim | default (printf "%s-home" (include "consilium.fullname" .)) }}
{{- end }}

{{/* Several processes share the index only where a server owns it. */}}
{{- define "consilium.index" -}}
{{- if .Values.qdrant.enabled }}server{{ else }}{{ .Values.config.index | default "edge" }}{{ end -}}
{{- end }}

{{- define "consilium.check" -}}
{{- $several := or (gt (int .Values.replicas) 1) .Values.autoscaling.enabled .Values.workers.enabled }}
{{- $database := or .Values.postgresql.enabled .Values.secrets.existingSecret .Values.secrets.values.database }}
{{- if and $several (ne (include "consilium.index" .) "server") }}
{{- fail "several processes need config.index: server, or qdrant.enabled: the embedded index belongs to one" }}
{{- end }}
{{- if and $several (not $database) }}
{{- fail "several processes need PostgreSQL: postgresql.enabled, or CONSILIUM_DATABASE in a Secret" }}
{{- end }}
{{- if and $several (or (not .Values.persistence.enabled) (and (not .Values.persistence.existingClaim) (ne .Values.persistence.accessMode "ReadWriteMany"))) }}
{{- fail "several processes need one volume that all can write: persistence.accessMode: ReadWriteMany" }}
{{- end }}
{{- if and .Values.postgresql.enabled (not (or .Values.postgresql.password .Values.postgresql.existingSecret)) }}
{{- fail "postgresql.enabled needs postgresql.password or postgresql.existingSecret" }}
{{- end }}
{{- if and .Values.vllm.enabled (not .Values.vllm.modelClaim) }}
{{- fail "vllm.enabled needs vllm.modelClaim: nothing is downloaded" }}
{{- end }}
{{- if and .Values.backup.enabled (not .Values.backup.existingClaim) }}
{{- fail "backup.enabled needs backup.existingClaim" }}
{{- end }}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.enabled) }}
{{- fail "metrics.serviceMonitor.enabled needs metrics.enabled" }}
{{- end }}
{{- end }}

{{/* A setting as text. Whole numbers come from Helm as floating-point ones, and large ones would be 6.7e+07. */}}
{{- define "consilium.value" -}}
{{- if kindIs "slice" . }}{{ join "," . }}
{{- else if kindIs "float64" . }}{{ if eq (floor .) . }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- else }}{{ . }}{{ end -}}
{{- end }}

{{- define "consilium.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "consilium.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "consilium.environment" -}}
envFrom:
  - configMapRef: {name: {{ include "consilium.fullname" . }}}
  {{- if .Values.secrets.existingSecret }}
  - secretRef: {name: {{ .Values.secrets.existingSecret }}}
  {{- end }}
  {{- if .Values.secrets.values }}
  - secretRef: {name: {{ include "consilium.fullname" . }}}
  {{- end }}
{{- if .Values.postgresql.enabled }}
env:
  - name: POSTGRES_PASSWORD
    valueFrom:
      secretKeyRef: {{ include "consilium.postgresSecret" . }}
  - name: CONSILIUM_DATABASE
    value: postgresql+psycopg://consilium:$(POSTGRES_PASSWORD)@{{ include "consilium.fullname" . }}-postgresql:5432/consilium
{{- end }}
{{- end }}

{{- define "consilium.postgresSecret" -}}
{name: {{ .Values.postgresql.existingSecret | default (printf "%s-postgresql" (include "consilium.fullname" .)) }}, key: password}
{{- end }}

{{- define "consilium.mounts" -}}
- {name: home, mountPath: /data}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "consilium.volumes" -}}
- name: home
  {{- if .Values.persistence.enabled }}
  persistentVolumeClaim: {claimName: {{ include "consilium.claim" . }}}
  {{- else }}
  emptyDir: {}
  {{- end }}
- name: tmp
  emptyDir: {sizeLimit: 2Gi}
{{- end }}
