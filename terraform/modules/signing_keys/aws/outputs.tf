output "key_ids" {
  description = "Role and generation, such as gate-2, to the key's id."
  value       = { for name, key in aws_kms_key.this : name => key.arn }
}

output "current_key_ids" {
  description = "Role to the id of the key that signs now."
  value       = { for role, count in var.generations : role => aws_kms_key.this["${role}-${count}"].arn }
}
