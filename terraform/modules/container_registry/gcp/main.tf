resource "google_artifact_registry_repository" "this" {
  project       = var.account
  location      = var.region
  repository_id = var.name
  description   = "Images: ${join(", ", sort(var.repositories))}"
  format        = "DOCKER"
  kms_key_name  = var.encryption_key.id
  labels        = var.labels

  docker_config {
    immutable_tags = true
  }

  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }

  cleanup_policy_dry_run = false

  cleanup_policies {
    id     = "untagged"
    action = "DELETE"

    condition {
      tag_state  = "UNTAGGED"
      older_than = "${var.untagged_days}d"
    }
  }
}

# What INHERITED above inherits.
resource "google_project_service" "scanning" {
  project            = var.account
  service            = "containerscanning.googleapis.com"
  disable_on_destroy = false
}
