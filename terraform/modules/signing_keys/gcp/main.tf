locals {
  keys = merge([
    for role, count in var.generations : { for n in range(1, count + 1) : "${role}-${n}" => { role = role, generation = n } }
  ]...)
}

resource "google_kms_key_ring" "this" {
  project  = var.account
  name     = "${var.name}-signing"
  location = var.region
}

resource "google_kms_crypto_key" "this" {
  #checkov:skip=CKV_GCP_43:Google rotates no asymmetric key; the next generation replaces it.
  for_each = local.keys

  name                       = each.key
  key_ring                   = google_kms_key_ring.this.id
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = "2592000s"
  labels                     = merge(var.labels, { role = each.value.role, generation = tostring(each.value.generation) })

  version_template {
    algorithm        = "EC_SIGN_P256_SHA256"
    protection_level = "HSM"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "signer" {
  for_each = var.signers

  crypto_key_id = google_kms_crypto_key.this["${each.key}-${var.generations[each.key]}"].id
  role          = "roles/cloudkms.signerVerifier"
  member        = "serviceAccount:${each.value}"
}
