output "workload_principals" {
  description = "Workload to the principal that environment.yaml names for it."
  value       = { for name, account in google_service_account.workload : name => account.email }
}

output "workload_grantees" {
  description = "Workload to the identity as lists of access name it, such as signers of the module signing_keys."
  value       = { for name, account in google_service_account.workload : name => account.email }
}

output "builder_principals" {
  description = "CI job to the principal that it becomes."
  value       = { for name, account in google_service_account.builder : name => account.email }
}
