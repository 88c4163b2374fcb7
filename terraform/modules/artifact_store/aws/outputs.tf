output "store_id" {
  description = "The store, as the modules identity and audit_trail take it."
  value       = aws_s3_bucket.this.id
}

output "storage_uri" {
  description = "The address of the store, as environment.yaml names it."
  value       = "s3://${aws_s3_bucket.this.bucket}"
}
