output "trail_id" {
  description = "The trail or its rule of export, as the cloud names it."
  value       = google_logging_project_sink.this.id
}

output "store_id" {
  description = "The store that holds the trail."
  value       = google_storage_bucket.this.id
}
