resource "google_sql_database_instance" "this" {
  #checkov:skip=CKV_GCP_79:Every cloud's module has the same major version, and an upgrade is a change of its own.
  project             = var.account
  name                = "${var.name}-registry"
  region              = var.region
  database_version    = "POSTGRES_17"
  encryption_key_name = var.encryption_key.id
  deletion_protection = true

  settings {
    tier                        = var.machine_type
    edition                     = "ENTERPRISE"
    availability_type           = "REGIONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = var.storage_gb
    disk_autoresize             = true
    disk_autoresize_limit       = var.storage_gb * 4
    connector_enforcement       = "REQUIRED"
    deletion_protection_enabled = true
    user_labels                 = var.labels

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network_id
      ssl_mode        = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7
      location                       = var.region

      backup_retention_settings {
        retained_backups = var.backup_days
        retention_unit   = "COUNT"
      }
    }

    database_flags {
      name  = "cloudsql.enable_pgaudit"
      value = "on"
    }

    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }

    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }

    database_flags {
      name  = "log_connections"
      value = "on"
    }

    database_flags {
      name  = "log_disconnections"
      value = "on"
    }

    database_flags {
      name  = "log_duration"
      value = "on"
    }

    database_flags {
      name  = "log_hostname"
      value = "on"
    }

    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }

    database_flags {
      name  = "log_min_duration_statement"
      value = "-1"
    }

    database_flags {
      name  = "log_min_error_statement"
      value = "error"
    }

    database_flags {
      name  = "log_min_messages"
      value = "warning"
    }

    database_flags {
      name  = "log_statement"
      value = "ddl"
    }

    database_flags {
      name  = "log_temp_files"
      value = "0"
    }

    database_flags {
      name  = "pgaudit.log"
      value = "ddl"
    }
  }
}

resource "google_sql_database" "this" {
  project  = var.account
  instance = google_sql_database_instance.this.name
  name     = "mlflow"
}

# A user of this kind is called as its account is, without the ending that all accounts have.
resource "google_sql_user" "client" {
  for_each = var.clients

  project  = var.account
  instance = google_sql_database_instance.this.name
  name     = trimsuffix(each.value, ".gserviceaccount.com")
  type     = "CLOUD_IAM_SERVICE_ACCOUNT"
}

# One role to reach the server by the connector, one to enter it.
resource "google_project_iam_member" "client" {
  for_each = {
    for pair in setproduct(keys(var.clients), ["roles/cloudsql.client", "roles/cloudsql.instanceUser"]) :
    "${pair[0]} ${pair[1]}" => { who = var.clients[pair[0]], role = pair[1] }
  }

  project = var.account
  role    = each.value.role
  member  = "serviceAccount:${each.value.who}"

  condition {
    title       = "${var.name}-registry alone"
    description = "Only this server"
    expression  = "resource.name == \"projects/${var.account}/instances/${google_sql_database_instance.this.name}\" && resource.type == \"sqladmin.googleapis.com/Instance\""
  }
}
