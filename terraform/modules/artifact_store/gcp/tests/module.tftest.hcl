mock_provider "google" {}

variables {
  name              = "turnpike-dev"
  environment       = "dev"
  account           = "example-dev"
  region            = "europe-west3"
  store_name        = "exampleturnpikedev"
  network_id        = "projects/example-dev/global/networks/n"
  subnet_ids        = ["projects/example-dev/regions/europe-west3/subnetworks/data"]
  retention_classes = { candidates = { prefix = "candidates/", archive_days = 30, expire_days = 400 } }
  encryption_key    = { id = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k", user = "" }
}

run "applies" {
  assert {
    condition     = google_storage_bucket.this.public_access_prevention == "enforced"
    error_message = "private and locked"
  }
}

run "refuses_bad_locked_days" {
  command = plan

  variables {
    locked_days = 0
  }

  expect_failures = [var.locked_days]
}
