mock_provider "google" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "europe-west3"
  network_id     = "projects/example-dev/global/networks/n"
  subnet_ids     = ["projects/example-dev/regions/europe-west3/subnetworks/data"]
  encryption_key = { id = "projects/example-dev/locations/europe-west3/keyRings/turnpike-dev/cryptoKeys/secrets", user = "" }
  readers        = { argocd-sign-on = "turnpike-dev-secrets@example-dev.iam.gserviceaccount.com" }
}

run "applies" {
  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.this : one(one(secret.replication[0].user_managed).replicas).location == "europe-west3" && one(one(one(secret.replication[0].user_managed).replicas).customer_managed_encryption).kms_key_name == var.encryption_key.id && secret.deletion_protection])
    error_message = "every secret is in its region, under our key, and protected"
  }

  assert {
    condition     = google_secret_manager_secret_iam_member.reader["argocd-sign-on"].member == "serviceAccount:turnpike-dev-secrets@example-dev.iam.gserviceaccount.com"
    error_message = "one identity reads a secret"
  }
}

run "refuses_secrets_that_anybody_reads" {
  command = plan

  variables {
    readers = { argocd-sign-on = "*" }
  }

  expect_failures = [var.readers]
}
