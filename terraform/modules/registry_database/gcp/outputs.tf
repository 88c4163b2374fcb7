output "database_id" {
  description = "The server, as the cloud names it."
  value       = google_sql_database_instance.this.id
}

output "host" {
  description = "The name or address of the server, inside the network."
  value       = google_sql_database_instance.this.private_ip_address
}

output "database" {
  description = "The name of the registry's database on it."
  value       = google_sql_database.this.name
}
