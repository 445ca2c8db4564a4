{{- define "podium.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "podium.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "podium.labels" -}}
{{ include "podium.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "podium.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "podium.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end }}
{{- end }}

{{- define "podium.publicUrl" -}}
{{- if .Values.publicUrl }}{{ .Values.publicUrl }}
{{- else if and .Values.ingress.enabled .Values.ingress.hosts }}{{ if .Values.ingress.tls }}https{{ else }}http{{ end }}://{{ first .Values.ingress.hosts }}{{ end }}
{{- end }}

{{- define "podium.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
env:
  - name: PODIUM_DATABASE_URL
    valueFrom: {secretKeyRef: {name: {{ .Values.database.existingSecret }}, key: {{ .Values.database.key }}}}
  {{- with .Values.secretKeys }}
  {{- if .existingSecret }}
  - name: PODIUM_SECRET_KEYS
    valueFrom: {secretKeyRef: {name: {{ .existingSecret }}, key: {{ .key }}}}
  {{- end }}
  {{- end }}
  {{- if .Values.config }}
  - {name: PODIUM_CONFIG, value: /etc/podium/podium.yaml}
  {{- end }}
  - {name: PODIUM_HOST, value: 0.0.0.0}
  - {name: PODIUM_PORT, value: "8080"}
  - {name: PODIUM_LOG_FORMAT, value: json}
  - {name: PODIUM_LOG_LEVEL, value: {{ .Values.logLevel | quote }}}
  - {name: PODIUM_HISTORY_KEEP_DAYS, value: {{ .Values.historyKeepDays | quote }}}
  - {name: PODIUM_LINEAGE_KEEP_DAYS, value: {{ .Values.lineageKeepDays | quote }}}
  {{- with include "podium.publicUrl" . }}
  - {name: PODIUM_PUBLIC_URL, value: {{ . | quote }}}
  {{- end }}
  {{- if .Values.secretFiles }}
  - {name: PODIUM_SECRETS_DIR, value: /run/secrets}
  {{- end }}
  {{- with .Values.env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .Values.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - {name: data, mountPath: /var/lib/podium}
  - {name: tmp, mountPath: /tmp}
  {{- if .Values.config }}
  - {name: config, mountPath: /etc/podium, readOnly: true}
  {{- end }}
  {{- range $index, $name := .Values.secretFiles }}
  - {name: secret-{{ $index }}, mountPath: /run/secrets/{{ $name }}, readOnly: true}
  {{- end }}
{{- end }}
