locals {
  # A service account's name has 6 to 30 characters, so long names end in a part of their digest.
  accounts = {
    for name in concat(keys(var.workloads), [for name in keys(var.builders) : "builds-${name}"]) :
    name => length(name) >= 6 && length(name) <= 30 ? name : "${substr(name, 0, 20)}-${substr(sha256(name), 0, 8)}"
  }
  roles = { viewer = "roles/container.viewer", operator = "roles/container.developer" }
  members = merge([
    for role, groups in var.groups : { for group in groups : "${role} ${group}" => { role = local.roles[role], group = group } }
  ]...)
  bindings = merge([
    for name, w in var.workloads : {
      for account in w.service_accounts : "${name} ${account}" => { workload = name, namespace = w.namespace, account = account }
    }
  ]...)
  registry = regex("projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/repositories/(?P<name>[^/]+)$", var.registry_id)
  store    = element(split("/", var.artifact_store_id), -1)
}

resource "google_service_account" "workload" {
  for_each = var.workloads

  project      = var.account
  account_id   = local.accounts[each.key]
  display_name = "${var.name} ${each.key}"
}

resource "google_service_account_iam_member" "workload" {
  for_each = local.bindings

  service_account_id = google_service_account.workload[each.value.workload].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.account}.svc.id.goog[${each.value.namespace}/${each.value.account}]"
}

resource "google_storage_bucket_iam_member" "workload" {
  for_each = var.workloads

  bucket = local.store
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.workload[each.key].email}"
}

resource "google_storage_bucket_iam_member" "writer" {
  for_each = { for name, w in var.workloads : name => w if w.writes }

  bucket = local.store
  role   = "roles/storage.objectCreator"
  member = "serviceAccount:${google_service_account.workload[each.key].email}"
}

resource "google_iam_workload_identity_pool" "builders" {
  count = length(var.builders) > 0 ? 1 : 0

  project                   = var.account
  workload_identity_pool_id = "${var.name}-builds"
  display_name              = "${var.name} CI jobs"
}

resource "google_iam_workload_identity_pool_provider" "builder" {
  #checkov:skip=CKV_GCP_125:The condition below is equality with one whole subject, whatever the system's claims are called.
  for_each = var.builders

  project                            = var.account
  workload_identity_pool_id          = google_iam_workload_identity_pool.builders[0].workload_identity_pool_id
  workload_identity_pool_provider_id = each.key
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  attribute_condition                = "assertion.sub == '${each.value.subject}'"

  oidc {
    issuer_uri        = each.value.issuer
    allowed_audiences = [each.value.audience]
  }
}

resource "google_service_account" "builder" {
  for_each = var.builders

  project      = var.account
  account_id   = local.accounts["builds-${each.key}"]
  display_name = "${var.name} builds ${each.key}"
}

resource "google_service_account_iam_member" "builder" {
  for_each = var.builders

  service_account_id = google_service_account.builder[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.builders[0].name}/subject/${each.value.subject}"
}

resource "google_artifact_registry_repository_iam_member" "builder" {
  for_each = var.builders

  project    = local.registry.project
  location   = local.registry.location
  repository = local.registry.name
  role       = "roles/artifactregistry.writer"
  member     = "serviceAccount:${google_service_account.builder[each.key].email}"
}

resource "google_project_iam_member" "people" {
  for_each = local.members

  project = var.account
  role    = each.value.role
  member  = "group:${each.value.group}"

  condition {
    title       = "${var.name} alone"
    description = "Only this cluster"
    expression  = "resource.name == \"${var.cluster_id}\" || resource.name.startsWith(\"${var.cluster_id}/\")"
  }
}
