output "registry_id" {
  description = "The registry, as the module identity takes it."
  value       = azurerm_container_registry.this.id
}

output "registry_host" {
  description = "The registry's host and path, as environment.yaml names it."
  value       = azurerm_container_registry.this.login_server
}
