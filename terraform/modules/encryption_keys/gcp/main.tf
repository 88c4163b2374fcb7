locals {
  # The agents that Google creates for each service of a project.
  agents = {
    audit    = "service-${data.google_project.this.number}@gs-project-accounts.iam.gserviceaccount.com"
    cluster  = "service-${data.google_project.this.number}@container-engine-robot.iam.gserviceaccount.com"
    database = "service-${data.google_project.this.number}@gcp-sa-cloud-sql.iam.gserviceaccount.com"
    logs     = "service-${data.google_project.this.number}@gcp-sa-logging.iam.gserviceaccount.com"
    registry = "service-${data.google_project.this.number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    secrets  = "service-${data.google_project.this.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
    storage  = "service-${data.google_project.this.number}@gs-project-accounts.iam.gserviceaccount.com"
  }
}

data "google_project" "this" {
  project_id = var.account
}

resource "google_kms_key_ring" "this" {
  project  = var.account
  name     = var.name
  location = var.region
}

resource "google_kms_crypto_key" "this" {
  #checkov:skip=CKV_GCP_43:The period is the variable rotation_days, 90 unless asked, which this check can't work out.
  for_each = var.purposes

  name                       = each.key
  key_ring                   = google_kms_key_ring.this.id
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "${var.rotation_days * 86400}s"
  destroy_scheduled_duration = "2592000s"
  labels                     = merge(var.labels, { purpose = each.key })

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = "HSM"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "agent" {
  for_each = var.purposes

  crypto_key_id = google_kms_crypto_key.this[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${local.agents[each.key]}"
}
