output "keys" {
  description = "Purpose to the key's id and the identity that uses it, as the other modules take them."
  value       = { for purpose, key in aws_kms_key.this : purpose => { id = key.arn, user = "" } }
}
