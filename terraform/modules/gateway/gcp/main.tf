resource "google_certificate_manager_certificate_issuance_config" "this" {
  project                    = var.account
  name                       = "${var.name}-gateway"
  location                   = var.region
  key_algorithm              = "ECDSA_P256"
  lifetime                   = "2592000s"
  rotation_window_percentage = 50
  labels                     = var.labels

  certificate_authority_config {
    certificate_authority_service_config {
      ca_pool = var.certificate_issuer
    }
  }
}

resource "google_certificate_manager_certificate" "this" {
  project  = var.account
  name     = "${var.name}-gateway"
  location = var.region
  labels   = var.labels

  managed {
    domains         = [var.domain, "*.${var.domain}"]
    issuance_config = google_certificate_manager_certificate_issuance_config.this.id
  }
}

resource "google_compute_address" "this" {
  project      = var.account
  name         = "${var.name}-gateway"
  region       = var.region
  subnetwork   = var.subnet_ids[0]
  address_type = "INTERNAL"
  purpose      = "SHARED_LOADBALANCER_VIP"
  labels       = var.labels
}

resource "google_compute_region_ssl_policy" "this" {
  project         = var.account
  name            = "${var.name}-gateway"
  region          = var.region
  profile         = "RESTRICTED"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_region_health_check" "cluster" {
  project = var.account
  name    = "${var.name}-cluster"
  region  = var.region

  https_health_check {
    port_specification = "USE_SERVING_PORT"
    request_path       = var.health_path
  }

  log_config {
    enable = true
  }
}

# Where Google asks whether backends are well from, as Google publishes it.
resource "google_compute_firewall" "health" {
  project            = var.account
  name               = "${var.name}-health"
  network            = var.network_id
  description        = "Google's health checks to what the gateway speaks to"
  direction          = "INGRESS"
  priority           = 1000
  source_ranges      = ["130.211.0.0/22", "35.191.0.0/16"]
  destination_ranges = values(var.backend_cidrs)

  allow {
    protocol = "tcp"
    ports    = ["8443"]
  }
}

resource "google_compute_region_backend_service" "cluster" {
  project               = var.account
  name                  = "${var.name}-cluster"
  region                = var.region
  load_balancing_scheme = "INTERNAL_MANAGED"
  protocol              = "HTTPS"
  health_checks         = [google_compute_region_health_check.cluster.id]

  dynamic "backend" {
    for_each = var.cluster_backends
    content {
      group                 = backend.value
      balancing_mode        = "RATE"
      max_rate_per_endpoint = 1000
      capacity_scaler       = 1
    }
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_region_url_map" "this" {
  project         = var.account
  name            = "${var.name}-gateway"
  region          = var.region
  default_service = google_compute_region_backend_service.cluster.id

  dynamic "host_rule" {
    for_each = var.services
    content {
      hosts        = ["${host_rule.key}.${var.domain}"]
      path_matcher = host_rule.key
    }
  }

  dynamic "path_matcher" {
    for_each = var.services
    content {
      name            = path_matcher.key
      default_service = path_matcher.value
    }
  }
}

resource "google_compute_region_target_https_proxy" "this" {
  project                          = var.account
  name                             = "${var.name}-gateway"
  region                           = var.region
  url_map                          = google_compute_region_url_map.this.id
  ssl_policy                       = google_compute_region_ssl_policy.this.id
  certificate_manager_certificates = [google_certificate_manager_certificate.this.id]
}

resource "google_compute_forwarding_rule" "this" {
  project               = var.account
  name                  = "${var.name}-gateway"
  region                = var.region
  network               = var.network_id
  subnetwork            = var.subnet_ids[0]
  ip_address            = google_compute_address.this.id
  ip_protocol           = "TCP"
  port_range            = "443"
  load_balancing_scheme = "INTERNAL_MANAGED"
  allow_global_access   = false
  target                = google_compute_region_target_https_proxy.this.id
  labels                = var.labels
}

resource "google_dns_managed_zone" "this" {
  project     = var.account
  name        = "${var.name}-gateway"
  dns_name    = "${var.domain}."
  description = "What ${var.name} serves, inside its network"
  visibility  = "private"
  labels      = var.labels

  private_visibility_config {
    networks {
      network_url = var.network_id
    }
  }
}

resource "google_dns_record_set" "this" {
  for_each = toset(["${var.domain}.", "*.${var.domain}."])

  project      = var.account
  managed_zone = google_dns_managed_zone.this.name
  name         = each.key
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_address.this.address]
}
