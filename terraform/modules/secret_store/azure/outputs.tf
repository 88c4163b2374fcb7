output "secret_ids" {
  description = "Secret to its place, where a person puts its value; no state of Terraform has it."
  value       = { for name in keys(var.readers) : name => "${azurerm_key_vault.this.vault_uri}secrets/${name}" }
}
