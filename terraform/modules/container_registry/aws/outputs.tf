output "registry_id" {
  description = "The registry, as the module identity takes it."
  value       = "arn:aws:ecr:${var.region}:${var.account}:repository"
}

output "registry_host" {
  description = "The registry's host and path, as environment.yaml names it."
  value       = "${var.account}.dkr.ecr.${var.region}.amazonaws.com"
}
