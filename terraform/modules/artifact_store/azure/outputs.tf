output "store_id" {
  description = "The store, as the modules identity and audit_trail take it."
  value       = azurerm_storage_account.this.id
}

output "storage_uri" {
  description = "The address of the store, as environment.yaml names it."
  value       = "https://${azurerm_storage_account.this.name}.blob.core.windows.net/${azurerm_storage_container.artifacts.name}"
}
