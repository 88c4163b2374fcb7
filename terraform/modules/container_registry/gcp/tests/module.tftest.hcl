mock_provider "google" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "europe-west3"
  repositories   = ["turnpike/mlserver", "turnpike/delivery"]
  network_id     = "projects/example-dev/global/networks/n"
  subnet_ids     = ["projects/example-dev/regions/europe-west3/subnetworks/data"]
  encryption_key = { id = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k", user = "" }
}

run "applies" {
  assert {
    condition     = google_artifact_registry_repository.this.docker_config[0].immutable_tags
    error_message = "tags stay, images are scanned"
  }
}

run "refuses_bad_untagged_days" {
  command = plan

  variables {
    untagged_days = 1
  }

  expect_failures = [var.untagged_days]
}
