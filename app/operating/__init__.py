"""What those who keep the service running see of it: logs, traces, metrics, readiness. Never any text."""
