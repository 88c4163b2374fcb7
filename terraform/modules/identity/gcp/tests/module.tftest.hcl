mock_provider "google" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "europe-west3"
  cluster_issuer = "https://container.googleapis.com/v1/projects/example-dev/locations/europe-west3/clusters/turnpike-dev"
  cluster_id     = "projects/example-dev/locations/europe-west3/clusters/turnpike-dev"
  workloads = {
    oncology = { namespace = "dev-oncology", service_accounts = ["tumour-malignancy", "tumour-stage"], writes = false }
    registry = { namespace = "registry", service_accounts = ["mlflow"], writes = true }
  }
  builders = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }

  groups            = { viewer = ["oncology@example.com"] }
  artifact_store_id = "projects/_/buckets/exampleturnpikedev"
  artifact_key_id   = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k"
  registry_id       = "projects/example-dev/locations/europe-west3/repositories/images"
}

run "applies" {
  assert {
    condition     = google_service_account_iam_member.workload["oncology tumour-malignancy"].member == "serviceAccount:example-dev.svc.id.goog[dev-oncology/tumour-malignancy]"
    error_message = "an account is one service account's"
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.builder["main"].attribute_condition == "assertion.sub == 'repo:example/models:ref:refs/heads/main'"
    error_message = "a CI job's account is one branch's"
  }

  assert {
    condition     = toset(keys(google_storage_bucket_iam_member.writer)) == toset(["registry"])
    error_message = "only who writes may write"
  }

  assert {
    condition     = google_project_iam_member.people["viewer oncology@example.com"].role == "roles/container.viewer" && strcontains(google_project_iam_member.people["viewer oncology@example.com"].condition[0].expression, "clusters/turnpike-dev")
    error_message = "a group has its role, at this cluster"
  }

  assert {
    condition     = alltrue([for a in google_service_account.builder : length(a.account_id) >= 6 && length(a.account_id) <= 30])
    error_message = "names that Google takes"
  }
}

run "refuses_a_wildcard_of_a_namespace" {
  command = plan

  variables {
    workloads = { any = { namespace = "*", service_accounts = ["x"], writes = false } }
  }

  expect_failures = [var.workloads]
}

run "refuses_a_wildcard_of_a_branch" {
  command = plan

  variables {
    builders = { any = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:*" } }
  }

  expect_failures = [var.builders]
}

run "refuses_a_role_that_is_not_there" {
  command = plan

  variables {
    groups = { administrator = ["aaaaaaaa-0000-4000-8000-000000000001"] }
  }

  expect_failures = [var.groups]
}
