output "trail_id" {
  description = "The trail or its rule of export, as the cloud names it."
  value       = aws_cloudtrail.this.arn
}

output "store_id" {
  description = "The store that holds the trail."
  value       = aws_s3_bucket.this.id
}
