resource "google_storage_bucket" "this" {
  #checkov:skip=CKV_GCP_62:Every access is in the audit log of data access, see the module audit_trail.
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

  ip_filter {
    mode                           = "Enabled"
    allow_all_service_agent_access = true

    vpc_network_sources {
      network                = var.network_id
      allowed_ip_cidr_ranges = ["0.0.0.0/0"] # all addresses of this network, none of another
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.retention_classes
    content {
      action {
        type          = "SetStorageClass"
        storage_class = "COLDLINE"
      }
      condition {
        age            = lifecycle_rule.value.archive_days
        matches_prefix = [lifecycle_rule.value.prefix]
      }
    }
  }

  dynamic "lifecycle_rule" {
    for_each = { for class, at in var.retention_classes : class => at if at.expire_days > 0 }
    content {
      action {
        type = "Delete"
      }
      condition {
        age            = lifecycle_rule.value.expire_days
        matches_prefix = [lifecycle_rule.value.prefix]
      }
    }
  }
}
