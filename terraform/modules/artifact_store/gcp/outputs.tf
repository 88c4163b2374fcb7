output "store_id" {
  description = "The store, as the modules identity and audit_trail take it."
  value       = google_storage_bucket.this.name
}

output "storage_uri" {
  description = "The address of the store, as environment.yaml names it."
  value       = "gs://${google_storage_bucket.this.name}"
}
