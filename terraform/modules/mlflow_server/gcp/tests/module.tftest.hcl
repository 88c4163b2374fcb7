mock_provider "google" {}

variables {
  name              = "turnpike-dev"
  environment       = "dev"
  account           = "example-dev"
  region            = "europe-west3"
  network_id        = "projects/example-dev/global/networks/n"
  subnet_ids        = ["projects/example-dev/regions/europe-west3/subnetworks/data"]
  client_cidrs      = { gateway = "10.10.160.0/22" }
  image             = "europe-west3-docker.pkg.dev/example-dev/turnpike-dev/mlflow@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  registry_id       = "projects/example-dev/locations/europe-west3/repositories/turnpike-dev"
  artifact_store_id = "example-turnpike-dev-artifacts"
  artifact_key_id   = "projects/example-dev/locations/europe-west3/keyRings/turnpike-dev/cryptoKeys/storage"
  storage_uri       = "gs://example-turnpike-dev-artifacts"
  database          = { id = "projects/example-dev/instances/turnpike-dev-registry", host = "10.10.96.2", name = "mlflow", user = "mlflow" }
  logs_id           = "projects/example-dev/locations/europe-west3/buckets/turnpike-dev-workloads"
  address           = "https://mlflow.dev.turnpike.example.org"
  sign_on           = { issuer = "https://sso.example.org", client_id = "mlflow", groups = ["oncology"], administrators = ["platform-owners"] }
  secret_ids        = { sign_on = "projects/example-dev/secrets/turnpike-dev-mlflow-sign-on", session = "projects/example-dev/secrets/turnpike-dev-mlflow-session" }
}

run "applies" {
  assert {
    condition     = google_cloud_run_v2_service.this.ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" && google_cloud_run_v2_service.this.template[0].vpc_access[0].egress == "ALL_TRAFFIC"
    error_message = "only the network's load balancer reaches the server"
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].image == var.image && google_cloud_run_v2_service.this.binary_authorization[0].use_default
    error_message = "what runs is what the digest says"
  }

  assert {
    condition     = toset([for e in google_cloud_run_v2_service.this.template[0].containers[0].env : e.value_source[0].secret_key_ref[0].secret if length(e.value_source) > 0]) == toset(values(var.secret_ids)) && alltrue([for e in google_cloud_run_v2_service.this.template[0].containers[0].env : length(e.value_source) > 0 || !strcontains(e.name, "SECRET")])
    error_message = "secrets come from their store"
  }

  assert {
    condition     = one([for e in google_cloud_run_v2_service.this.template[0].containers[0].env : e.value if e.name == "OIDC_REDIRECT_URI"]) == "https://mlflow.dev.turnpike.example.org/callback"
    error_message = "people come by sign-on"
  }
}

run "refuses_a_tag" {
  command = plan

  variables {
    image = "registry.example.org/turnpike/mlflow:latest"
  }

  expect_failures = [var.image]
}

run "refuses_a_registry_that_nobody_signs_in_to" {
  command = plan

  variables {
    sign_on = { issuer = "", client_id = "", groups = [], administrators = [] }
  }

  expect_failures = [var.sign_on]
}
