output "database_id" {
  description = "The server, as the cloud names it."
  value       = azurerm_postgresql_flexible_server.this.id
}

output "host" {
  description = "The name or address of the server, inside the network."
  value       = azurerm_postgresql_flexible_server.this.fqdn
}

output "database" {
  description = "The name of the registry's database on it."
  value       = azurerm_postgresql_flexible_server_database.this.name
}
