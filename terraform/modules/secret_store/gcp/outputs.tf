output "secret_ids" {
  description = "Secret to its place, where a person puts its value; no state of Terraform has it."
  value       = { for name, secret in google_secret_manager_secret.this : name => secret.id }
}
