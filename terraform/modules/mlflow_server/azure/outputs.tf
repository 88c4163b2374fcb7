output "grantee" {
  description = "The identity of the server as lists of access name it, such as clients of the module registry_database."
  value       = azurerm_user_assigned_identity.this.principal_id
}

output "secrets_grantee" {
  description = "The identity that reads the server's secrets, as readers of the module secret_store names it."
  value       = azurerm_user_assigned_identity.this.principal_id
}

output "backend_id" {
  description = "What the server is to the module gateway."
  value       = local.host
}
