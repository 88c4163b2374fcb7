output "workload_principals" {
  description = "Workload to the principal that environment.yaml names for it."
  value       = { for name, identity in azurerm_user_assigned_identity.workload : name => identity.client_id }
}

output "workload_grantees" {
  description = "Workload to the identity as lists of access name it, such as signers of the module signing_keys."
  value       = { for name, identity in azurerm_user_assigned_identity.workload : name => identity.principal_id }
}

output "builder_principals" {
  description = "CI job to the principal that it becomes."
  value       = { for name, identity in azurerm_user_assigned_identity.builder : name => identity.client_id }
}
