output "grantee" {
  description = "The identity of the server as lists of access name it, such as clients of the module registry_database."
  value       = google_service_account.this.email
}

output "secrets_grantee" {
  description = "The identity that reads the server's secrets, as readers of the module secret_store names it."
  value       = google_service_account.this.email
}

output "backend_id" {
  description = "What the server is to the module gateway."
  value       = google_compute_region_backend_service.this.id
}
