mock_provider "google" {}

variables {
  name               = "turnpike-dev"
  environment        = "dev"
  account            = "example-dev"
  region             = "europe-west3"
  network_id         = "projects/example-dev/global/networks/n"
  subnet_ids         = ["projects/example-dev/regions/europe-west3/subnetworks/ingress"]
  domain             = "dev.turnpike.example.org"
  certificate_issuer = "projects/example-dev/locations/europe-west3/caPools/internal"
  client_cidrs       = { network = "10.10.0.0/16" }
  backend_cidrs      = { network = "10.10.0.0/16" }
  cluster_backends   = ["projects/example-dev/zones/europe-west3-a/networkEndpointGroups/ingress"]
  services           = { mlflow = "projects/example-dev/regions/europe-west3/backendServices/turnpike-dev-mlflow" }
}

run "applies" {
  assert {
    condition     = google_compute_forwarding_rule.this.load_balancing_scheme == "INTERNAL_MANAGED" && google_compute_forwarding_rule.this.port_range == "443" && !google_compute_forwarding_rule.this.allow_global_access && google_compute_address.this.address_type == "INTERNAL"
    error_message = "the one way in is private, and by TLS"
  }

  assert {
    condition     = one(one(google_certificate_manager_certificate_issuance_config.this.certificate_authority_config).certificate_authority_service_config).ca_pool == var.certificate_issuer && google_compute_region_ssl_policy.this.min_tls_version == "TLS_1_2"
    error_message = "certificates come from the company's own authority"
  }

  assert {
    condition     = google_dns_managed_zone.this.visibility == "private" && google_dns_record_set.this["*.dev.turnpike.example.org."].rrdatas == tolist([google_compute_address.this.address])
    error_message = "names are private"
  }

  assert {
    condition     = one(google_compute_region_url_map.this.host_rule).hosts == toset(["mlflow.dev.turnpike.example.org"]) && google_compute_region_url_map.this.default_service == google_compute_region_backend_service.cluster.id
    error_message = "a service goes before the cluster's names"
  }
}

run "refuses_public_clients" {
  command = plan

  variables {
    client_cidrs = { everybody = "0.0.0.0/0" }
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_an_authority_that_nobody_runs" {
  command = plan

  variables {
    certificate_issuer = "internal"
  }

  expect_failures = [var.certificate_issuer]
}
