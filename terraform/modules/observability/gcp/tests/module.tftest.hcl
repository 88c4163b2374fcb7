mock_provider "google" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "europe-west3"
  network_id     = "projects/example-dev/global/networks/n"
  subnet_ids     = ["projects/example-dev/regions/europe-west3/subnetworks/data"]
  encryption_key = { id = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k", user = "" }
  cluster_id     = "projects/example-dev/locations/europe-west3/clusters/turnpike-dev"
  cluster_issuer = "https://container.googleapis.com/v1/projects/example-dev/locations/europe-west3/clusters/turnpike-dev"
  collector      = { namespace = "observability", service_account = "collector" }
}

run "applies" {
  assert {
    condition     = google_logging_project_bucket_config.this.cmek_settings[0].kms_key_name == var.encryption_key.id && google_logging_project_bucket_config.this.retention_days == 365
    error_message = "logs are under our key, for a year"
  }

  assert {
    condition     = google_service_account_iam_member.collector.member == "serviceAccount:example-dev.svc.id.goog[observability/collector]"
    error_message = "the collector is one service account"
  }

  assert {
    condition     = strcontains(google_logging_project_sink.this.filter, "cluster_name=\"turnpike-dev\"")
    error_message = "the logs are this cluster's"
  }
}

run "refuses_a_wildcard_of_a_namespace" {
  command = plan

  variables {
    collector = { namespace = "*", service_account = "collector" }
  }

  expect_failures = [var.collector]
}

run "refuses_to_keep_logs_for_a_day" {
  command = plan

  variables {
    log_days = 1
  }

  expect_failures = [var.log_days]
}
