output "trail_id" {
  description = "The trail or its rule of export, as the cloud names it."
  value       = azurerm_monitor_diagnostic_setting.administration.id
}

output "store_id" {
  description = "The store that holds the trail."
  value       = azurerm_storage_account.this.id
}
