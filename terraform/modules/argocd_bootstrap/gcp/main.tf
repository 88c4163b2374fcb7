locals {
  cluster = regex("projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/clusters/(?P<name>[^/]+)$", var.cluster_id)
  # Whom Argo CD is: who delivers reads no secret, and who reads secrets enters no cluster.
  identities = {
    delivers = ["argocd-application-controller", "argocd-server"]
    secrets  = ["argocd-secrets"]
  }
  short = { delivers = "argocd", secrets = "secrets" }
  bindings = merge([
    for what, accounts in local.identities : { for account in accounts : account => what }
  ]...)
}

resource "google_service_account" "this" {
  for_each = local.identities

  project      = var.account
  account_id   = "${var.name}-${local.short[each.key]}"
  display_name = "${var.name} Argo CD ${each.key}"
}

resource "google_service_account_iam_member" "this" {
  for_each = local.bindings

  service_account_id = google_service_account.this[each.value].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${local.cluster.project}.svc.id.goog[argocd/${each.key}]"
}

resource "google_project_iam_member" "target" {
  for_each = var.targets

  project = regex("projects/([^/]+)/", each.value.cluster_id)[0]
  role    = "roles/container.clusterViewer"
  member  = "serviceAccount:${google_service_account.this["delivers"].email}"

  condition {
    title       = "${each.key} alone"
    description = "Only this cluster"
    expression  = "resource.name == \"${each.value.cluster_id}\""
  }
}
