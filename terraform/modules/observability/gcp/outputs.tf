output "collector_principal" {
  description = "The principal that the collector's service account becomes."
  value       = google_service_account.collector.email
}

output "metrics_write_url" {
  description = "Where the collector writes metrics, by Prometheus' remote write."
  value       = "https://monitoring.googleapis.com/v1/projects/${var.account}/location/global/prometheus/api/v1/write"
}

output "metrics_query_url" {
  description = "Where metrics are read, by Prometheus' own interface."
  value       = "https://monitoring.googleapis.com/v1/projects/${var.account}/location/global/prometheus/"
}

output "logs_id" {
  description = "The store of logs, as the cloud names it."
  value       = google_logging_project_bucket_config.this.id
}
