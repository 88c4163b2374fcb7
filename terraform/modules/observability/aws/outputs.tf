output "collector_principal" {
  description = "The principal that the collector's service account becomes."
  value       = aws_iam_role.collector.arn
}

output "metrics_write_url" {
  description = "Where the collector writes metrics, by Prometheus' remote write."
  value       = "${aws_prometheus_workspace.this.prometheus_endpoint}api/v1/remote_write"
}

output "metrics_query_url" {
  description = "Where metrics are read, by Prometheus' own interface."
  value       = aws_prometheus_workspace.this.prometheus_endpoint
}

output "logs_id" {
  description = "The store of logs, as the cloud names it."
  value       = aws_cloudwatch_log_group.workloads.arn
}
