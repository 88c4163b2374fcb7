resource "google_secret_manager_secret" "this" {
  for_each = var.readers

  project             = var.account
  secret_id           = "${var.name}-${each.key}"
  labels              = var.labels
  deletion_protection = true

  replication {
    user_managed {
      replicas {
        location = var.region

        customer_managed_encryption {
          kms_key_name = var.encryption_key.id
        }
      }
    }
  }
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = var.readers

  project   = var.account
  secret_id = google_secret_manager_secret.this[each.key].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${each.value}"
}
