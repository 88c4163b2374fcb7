output "grantee" {
  description = "The identity of the server as lists of access name it, such as clients of the module registry_database."
  value       = aws_iam_role.this["server"].arn
}

output "secrets_grantee" {
  description = "The identity that reads the server's secrets, as readers of the module secret_store names it."
  value       = aws_iam_role.this["start"].arn
}

output "backend_id" {
  description = "What the server is to the module gateway."
  value       = aws_lb_target_group.this.arn
}
