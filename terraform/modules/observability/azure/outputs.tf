output "collector_principal" {
  description = "The principal that the collector's service account becomes."
  value       = azurerm_user_assigned_identity.collector.client_id
}

output "metrics_write_url" {
  description = "Where the collector writes metrics, by Prometheus' remote write."
  value       = "${azurerm_monitor_data_collection_endpoint.this.metrics_ingestion_endpoint}/dataCollectionRules/${azurerm_monitor_data_collection_rule.this.immutable_id}/streams/Microsoft-PrometheusMetrics/api/v1/write?api-version=2023-04-24"
}

output "metrics_query_url" {
  description = "Where metrics are read, by Prometheus' own interface."
  value       = azurerm_monitor_workspace.this.query_endpoint
}

output "logs_id" {
  description = "The store of logs, as the cloud names it."
  value       = azurerm_log_analytics_workspace.this.id
}
