output "database_id" {
  description = "The server, as the cloud names it."
  value       = aws_db_instance.this.arn
}

output "host" {
  description = "The name or address of the server, inside the network."
  value       = aws_db_instance.this.address
}

output "database" {
  description = "The name of the registry's database on it."
  value       = aws_db_instance.this.db_name
}
