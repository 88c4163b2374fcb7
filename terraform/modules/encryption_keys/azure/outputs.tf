output "keys" {
  description = "Purpose to the key's id and the identity that uses it, as the other modules take them."
  value = {
    for purpose, grant in azurerm_role_assignment.user : purpose => {
      id   = azurerm_key_vault_key.this[purpose].versionless_id
      user = azurerm_user_assigned_identity.user[purpose].id
    }
  }
}
