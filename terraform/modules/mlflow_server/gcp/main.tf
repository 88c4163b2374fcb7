locals {
  registry = regex("projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/repositories/(?P<name>[^/]+)$", var.registry_id)
  settings = merge(local.sign_on, {
    DATABASE_CLOUD               = "gcp"
    DATABASE_HOST                = var.database.host
    DATABASE_ID                  = var.database.id
    DATABASE_NAME                = var.database.name
    DATABASE_USER                = var.database.user
    MLFLOW_ARTIFACTS_DESTINATION = var.storage_uri
    MLFLOW_DISABLE_TELEMETRY     = "true"
    MLFLOW_HOST                  = "0.0.0.0"
    MLFLOW_PORT                  = "5000"
    MLFLOW_SERVER_ALLOWED_HOSTS  = trimprefix(var.address, "https://")
  })
  secrets = { OIDC_CLIENT_SECRET = var.secret_ids.sign_on, SECRET_KEY = var.secret_ids.session }
}

resource "google_service_account" "this" {
  project      = var.account
  account_id   = "${var.name}-mlflow"
  display_name = "${var.name} MLflow"
}

resource "google_storage_bucket_iam_member" "this" {
  for_each = toset(["roles/storage.objectCreator", "roles/storage.objectViewer"])

  bucket = element(split("/", var.artifact_store_id), -1)
  role   = each.key
  member = "serviceAccount:${google_service_account.this.email}"
}

resource "google_artifact_registry_repository_iam_member" "this" {
  project    = local.registry.project
  location   = local.registry.location
  repository = local.registry.name
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${google_service_account.this.email}"
}

# MLflow itself asks who somebody is, and nothing but the network's load balancer gets to it: so no right of Google's to call.
resource "google_cloud_run_v2_service" "this" {
  project              = var.account
  name                 = "${var.name}-mlflow"
  location             = var.region
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  invoker_iam_disabled = true
  deletion_protection  = var.environment != "dev"
  labels               = var.labels

  binary_authorization {
    use_default = true
  }

  template {
    service_account       = google_service_account.this.email
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2"

    scaling {
      min_instance_count = var.copies
      max_instance_count = var.copies
    }

    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = var.network_id
        subnetwork = var.subnet_ids[0]
      }
    }

    containers {
      image   = var.image
      command = ["mlflow", "server", "--app-name", "oidc-auth"]

      resources {
        limits            = { cpu = tostring(var.processors), memory = "${var.processors * 2}Gi" }
        cpu_idle          = false
        startup_cpu_boost = true
      }

      ports {
        container_port = 5000
      }

      startup_probe {
        period_seconds    = 10
        failure_threshold = 12

        http_get {
          path = "/health"
        }
      }

      dynamic "env" {
        for_each = local.settings
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.secrets
        content {
          name = env.key

          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }
    }
  }
}

resource "google_compute_region_network_endpoint_group" "this" {
  project               = var.account
  name                  = "${var.name}-mlflow"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = google_cloud_run_v2_service.this.name
  }
}

resource "google_compute_region_backend_service" "this" {
  project               = var.account
  name                  = "${var.name}-mlflow"
  region                = var.region
  load_balancing_scheme = "INTERNAL_MANAGED"
  protocol              = "HTTPS"

  backend {
    group           = google_compute_region_network_endpoint_group.this.id
    balancing_mode  = "UTILIZATION"
    capacity_scaler = 1
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

# Cloud Run's log goes where the clusters' logs go.
resource "google_logging_project_sink" "this" {
  project                = var.account
  name                   = "${var.name}-mlflow"
  destination            = "logging.googleapis.com/${var.logs_id}"
  filter                 = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${google_cloud_run_v2_service.this.name}\" AND resource.labels.location=\"${var.region}\""
  unique_writer_identity = true
}
