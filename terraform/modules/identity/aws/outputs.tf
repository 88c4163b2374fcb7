output "workload_principals" {
  description = "Workload to the principal that environment.yaml names for it."
  value       = { for name, role in aws_iam_role.workload : name => role.arn }
}

output "workload_grantees" {
  description = "Workload to the identity as lists of access name it, such as signers of the module signing_keys."
  value       = { for name, role in aws_iam_role.workload : name => role.arn }
}

output "builder_principals" {
  description = "CI job to the principal that it becomes."
  value       = { for name, role in aws_iam_role.builder : name => role.arn }
}
