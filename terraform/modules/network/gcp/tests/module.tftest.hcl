mock_provider "google" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "europe-west3"
  cidr           = "10.10.0.0/16"
  encryption_key = { id = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k", user = "" }
}

run "applies" {
  assert {
    condition     = length(google_compute_router_nat.egress) == 0 && !google_compute_network.this.auto_create_subnetworks
    error_message = "no way in or out unless asked for"
  }
}

run "refuses_bad_cidr" {
  command = plan

  variables {
    cidr = "192.168.0.0/16"
  }

  expect_failures = [var.cidr]
}
