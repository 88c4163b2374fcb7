output "key_ids" {
  description = "Role and generation, such as gate-2, to the key's id."
  value       = { for name, key in azurerm_key_vault_key.this : name => key.id }
}

output "current_key_ids" {
  description = "Role to the id of the key that signs now."
  value       = { for role, count in var.generations : role => azurerm_key_vault_key.this["${role}-${count}"].id }
}
