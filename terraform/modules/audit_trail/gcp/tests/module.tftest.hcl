mock_provider "google" {}

variables {
  name              = "turnpike-dev"
  environment       = "production"
  account           = "example-dev"
  region            = "europe-west3"
  store_name        = "exampleturnpikedevaudit"
  artifact_store_id = "projects/_/buckets/exampleturnpikedev"
  encryption_key    = { id = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k", user = "" }
}

run "applies" {
  assert {
    condition     = google_storage_bucket.this.retention_policy[0].is_locked && google_storage_bucket.this.public_access_prevention == "enforced"
    error_message = "private, and locked in production"
  }

  assert {
    condition     = length(google_project_iam_audit_config.this.audit_log_config) == 3
    error_message = "reads are logged as well as writes"
  }

  assert {
    condition     = strcontains(google_logging_project_sink.this.filter, "bucket_name=\"exampleturnpikedev\"")
    error_message = "every access to artifacts is in it"
  }
}

run "refuses_bad_locked_days" {
  command = plan

  variables {
    locked_days = 30
  }

  expect_failures = [var.locked_days]
}

