mock_provider "google" {}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "example-turnpike-dev"
  region      = "europe-west3"

  foundation = {
    encryption_keys    = { for purpose in ["database", "logs", "secrets", "storage"] : purpose => { id = "projects/example-turnpike-dev/locations/europe-west3/keyRings/turnpike-dev/cryptoKeys/all", user = "" } }
    network_id         = "projects/example-turnpike-dev/global/networks/turnpike-dev"
    cidr               = "10.10.0.0/16"
    data_subnet_ids    = ["projects/example-turnpike-dev/regions/europe-west3/subnetworks/turnpike-dev-data"]
    ingress_subnet_ids = ["projects/example-turnpike-dev/regions/europe-west3/subnetworks/turnpike-dev-data"]
    artifact_store_id  = "exampleturnpikedev"
    registry_id        = "projects/example-turnpike-dev/locations/europe-west3/repositories/images"
    cluster            = { cluster_id = "projects/example-turnpike-dev/locations/europe-west3/clusters/turnpike-dev", issuer = "https://issuer.example.com/id", endpoint = "https://10.10.64.1", certificate_authority = "Y2E=" }
  }

  database         = { machine_type = "db-custom-2-7680", storage_gb = 32, backup_days = 7 }
  database_clients = { mlflow = "mlflow@example-turnpike-dev.iam.gserviceaccount.com" }
  secret_readers   = { mlflow-sign-on = "mlflow@example-turnpike-dev.iam.gserviceaccount.com" }
  gateway          = { domain = "dev.turnpike.example.org", certificate_issuer = "projects/example-turnpike-dev/locations/europe-west3/caPools/internal", cluster_backends = [], services = {} }
  identity = {
    workloads = { gate = { namespace = "turnpike", service_accounts = ["gate"], writes = false } }
    builders  = {}
    groups    = {}
    directory = ""
  }
  argocd = { cluster = "dev-gcp-eu", repository = "https://git.example.org/example/models.git", gate_keys = ["0000000000000000"] }
}

run "plans" {
  command = plan

  assert {
    condition     = toset(keys(output.secret_ids)) == toset(["argocd-repository", "argocd-sign-on", "mlflow-sign-on"])
    error_message = "Argo CD's secrets beside those that were asked for"
  }
}

run "refuses_another_reader_of_argo_cds_secrets" {
  command = plan

  variables {
    secret_readers = { argocd-repository = "mlflow@example-turnpike-dev.iam.gserviceaccount.com" }
  }

  expect_failures = [var.secret_readers]
}

run "refuses_fewer_backups_in_production" {
  command = plan

  variables {
    environment = "production"
  }

  expect_failures = [var.database]
}
