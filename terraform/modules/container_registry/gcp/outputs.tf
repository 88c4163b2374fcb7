output "registry_id" {
  description = "The registry, as the module identity takes it."
  value       = google_artifact_registry_repository.this.id
}

output "registry_host" {
  description = "The registry's host and path, as environment.yaml names it."
  value       = "${var.region}-docker.pkg.dev/${var.account}/${google_artifact_registry_repository.this.repository_id}"
}
