mock_provider "google" {}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "example-dev"
  region      = "europe-west3"
  generations = { gate = 2, validator = 1 }
  signers     = { gate = "gate@example-dev.iam.gserviceaccount.com" }
}

run "plans" {
  command = plan

  assert {
    condition     = length(google_kms_crypto_key.this) == 3
    error_message = "a key for each role and generation"
  }
}

run "refuses_bad_generations" {
  command = plan

  variables {
    generations = { intruder = 1 }
  }

  expect_failures = [var.generations]
}
