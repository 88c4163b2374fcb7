output "keys" {
  description = "Purpose to the key's id and the identity that uses it, as the other modules take them."
  value       = { for purpose, grant in google_kms_crypto_key_iam_member.agent : purpose => { id = grant.crypto_key_id, user = "" } }
}
