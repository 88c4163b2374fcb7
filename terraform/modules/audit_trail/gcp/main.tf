resource "google_project_iam_audit_config" "this" {
  project = var.account
  service = "allServices"

  dynamic "audit_log_config" {
    for_each = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]
    content {
      log_type = audit_log_config.value
    }
  }
}

resource "google_storage_bucket" "this" {
  #checkov:skip=CKV_GCP_62:The trail itself is the log of access; a log of the log would never end.
  project                     = var.account
  name                        = var.store_name
  location                    = upper(var.region)
  storage_class               = "STANDARD"
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true
  force_destroy               = false
  labels                      = var.labels

  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = var.encryption_key.id
  }

  retention_policy {
    retention_period = var.locked_days * 86400
    is_locked        = var.environment == "production"
  }

  soft_delete_policy {
    retention_duration_seconds = 30 * 86400
  }
}

resource "google_logging_project_sink" "this" {
  #checkov:skip=CKV2_GCP_4:The bucket's retention is locked in production, where it can never be unlocked again.
  project                = var.account
  name                   = "${var.name}-audit"
  destination            = "storage.googleapis.com/${google_storage_bucket.this.name}"
  filter                 = "log_id(\"cloudaudit.googleapis.com/activity\") OR log_id(\"cloudaudit.googleapis.com/system_event\") OR log_id(\"cloudaudit.googleapis.com/policy\") OR (log_id(\"cloudaudit.googleapis.com/data_access\") AND resource.labels.bucket_name=\"${element(split("/", var.artifact_store_id), -1)}\")"
  unique_writer_identity = true
}

resource "google_storage_bucket_iam_member" "sink" {
  bucket = google_storage_bucket.this.name
  role   = "roles/storage.objectCreator"
  member = google_logging_project_sink.this.writer_identity
}
