output "workload_grantees" {
  description = "Workload to its identity, as signers of the module foundation and other lists of access name it."
  value       = module.identity.workload_grantees
}

output "database" {
  description = "The registry's database, as the module mlflow_server takes it, but for its user."
  value       = { id = module.registry_database.database_id, host = module.registry_database.host, name = module.registry_database.database }
}

output "logs_id" {
  description = "The store of logs, as the cloud names it."
  value       = module.observability.logs_id
}

output "secret_ids" {
  description = "Secret to its place, where a person puts its value."
  value       = module.secret_store.secret_ids
}

output "argocd_manifests" {
  description = "What is applied by hand once, where Argo CD runs and in its target; there is no secret in it."
  value       = { here = module.argocd_bootstrap.manifests, targets = module.argocd_bootstrap.target_manifests }
}
