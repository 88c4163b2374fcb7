mock_provider "google" {}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "example-dev"
  region      = "europe-west3"
  purposes    = ["cluster", "logs"]
}

run "plans" {
  command = plan

  assert {
    condition     = alltrue([for k in google_kms_crypto_key.this : k.rotation_period == "7776000s"])
    error_message = "every key rotates"
  }
}

run "refuses_bad_rotation_days" {
  command = plan

  variables {
    rotation_days = 30
  }

  expect_failures = [var.rotation_days]
}
