mock_provider "google" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "europe-west3"
  network_id     = "projects/example-dev/global/networks/n"
  subnet_ids     = ["projects/example-dev/regions/europe-west3/subnetworks/data"]
  encryption_key = { id = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k", user = "" }
  client_cidrs   = { nodes = "10.10.0.0/19" }
  clients        = { mlflow = "registry@example-dev.iam.gserviceaccount.com" }
  machine_type   = "db-custom-2-8192"
}

run "applies" {
  assert {
    condition     = !google_sql_database_instance.this.settings[0].ip_configuration[0].ipv4_enabled && google_sql_database_instance.this.settings[0].availability_type == "REGIONAL" && google_sql_database_instance.this.deletion_protection
    error_message = "private, in two zones, and protected"
  }

  assert {
    condition     = google_sql_user.client["mlflow"].type == "CLOUD_IAM_SERVICE_ACCOUNT" && google_sql_user.client["mlflow"].name == "registry@example-dev.iam"
    error_message = "clients enter as themselves, and nobody knows a password"
  }

  assert {
    condition     = toset([for m in google_project_iam_member.client : m.role]) == toset(["roles/cloudsql.client", "roles/cloudsql.instanceUser"])
    error_message = "clients reach the server, and enter it"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].ssl_mode == "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
    error_message = "nobody speaks to it without TLS"
  }
}

run "refuses_public_clients" {
  command = plan

  variables {
    client_cidrs = { everybody = "0.0.0.0/0" }
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_to_keep_too_few_backups" {
  command = plan

  variables {
    backup_days = 1
  }

  expect_failures = [var.backup_days]
}
