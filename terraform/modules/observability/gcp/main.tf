locals {
  cluster = regex("projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/clusters/(?P<name>[^/]+)$", var.cluster_id)
}

resource "google_service_account" "collector" {
  project      = var.account
  account_id   = "${var.name}-metrics"
  display_name = "${var.name} collector"
}

resource "google_service_account_iam_member" "collector" {
  service_account_id = google_service_account.collector.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.account}.svc.id.goog[${var.collector.namespace}/${var.collector.service_account}]"
}

resource "google_project_iam_member" "collector" {
  project = var.account
  role    = "roles/monitoring.metricWriter"
  member  = "serviceAccount:${google_service_account.collector.email}"
}

resource "google_logging_project_bucket_config" "this" {
  project        = var.account
  location       = var.region
  bucket_id      = "${var.name}-workloads"
  description    = "Logs of the cluster ${local.cluster.name}"
  retention_days = var.log_days

  cmek_settings {
    kms_key_name = var.encryption_key.id
  }
}

resource "google_logging_project_sink" "this" {
  project                = var.account
  name                   = "${var.name}-workloads"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.this.id}"
  filter                 = "resource.type=(\"k8s_cluster\" OR \"k8s_container\" OR \"k8s_control_plane_component\" OR \"k8s_node\" OR \"k8s_pod\") AND resource.labels.cluster_name=\"${local.cluster.name}\" AND resource.labels.location=\"${local.cluster.location}\""
  unique_writer_identity = true
}
