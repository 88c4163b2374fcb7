resource "google_compute_network" "this" {
  project                         = var.account
  name                            = var.name
  auto_create_subnetworks         = false
  delete_default_routes_on_create = true
  routing_mode                    = "REGIONAL"
}

resource "google_compute_subnetwork" "cluster" {
  project                  = var.account
  name                     = "${var.name}-cluster"
  region                   = var.region
  network                  = google_compute_network.this.id
  ip_cidr_range            = cidrsubnet(var.cidr, 3, 0)
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = cidrsubnet(var.cidr, 1, 1)
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = cidrsubnet(var.cidr, 3, 1)
  }

  log_config {
    aggregation_interval = "INTERVAL_5_MIN"
    flow_sampling        = 1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_subnetwork" "data" {
  project                  = var.account
  name                     = "${var.name}-data"
  region                   = var.region
  network                  = google_compute_network.this.id
  ip_cidr_range            = cidrsubnet(var.cidr, 6, 16)
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_5_MIN"
    flow_sampling        = 1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_subnetwork" "ingress" {
  project                  = var.account
  name                     = "${var.name}-ingress"
  region                   = var.region
  network                  = google_compute_network.this.id
  ip_cidr_range            = cidrsubnet(var.cidr, 6, 17)
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_5_MIN"
    flow_sampling        = 1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# What regional internal load balancers answer from.
resource "google_compute_subnetwork" "proxies" {
  #checkov:skip=CKV_GCP_26:A subnet of this purpose holds Google's own proxies and takes no flow logs.
  #checkov:skip=CKV_GCP_74:A subnet of this purpose holds no machines that could call an API.
  #checkov:skip=CKV_GCP_76:A subnet of this purpose holds no machines that could call an API.
  project       = var.account
  name          = "${var.name}-proxies"
  region        = var.region
  network       = google_compute_network.this.id
  ip_cidr_range = cidrsubnet(var.cidr, 6, 18)
  purpose       = "REGIONAL_MANAGED_PROXY"
  role          = "ACTIVE"
}

# Google's services by addresses that only Google's own network routes.
resource "google_compute_route" "google" {
  project          = var.account
  name             = "${var.name}-google"
  network          = google_compute_network.this.name
  dest_range       = "199.36.153.8/30"
  next_hop_gateway = "default-internet-gateway"
}

resource "google_dns_managed_zone" "google" {
  project     = var.account
  name        = "${var.name}-googleapis"
  dns_name    = "googleapis.com."
  description = "Google's services at their private addresses"
  visibility  = "private"
  labels      = var.labels

  private_visibility_config {
    networks {
      network_url = google_compute_network.this.id
    }
  }
}

resource "google_dns_record_set" "google" {
  for_each = {
    "private.googleapis.com." = { type = "A", data = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"] }
    "*.googleapis.com."       = { type = "CNAME", data = ["private.googleapis.com."] }
  }

  project      = var.account
  managed_zone = google_dns_managed_zone.google.name
  name         = each.key
  type         = each.value.type
  ttl          = 300
  rrdatas      = each.value.data
}

resource "google_compute_global_address" "services" {
  project       = var.account
  name          = "${var.name}-services"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = cidrhost(cidrsubnet(var.cidr, 3, 3), 0)
  prefix_length = tonumber(split("/", cidrsubnet(var.cidr, 3, 3))[1])
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}

resource "google_compute_firewall" "closed" {
  project            = var.account
  name               = "${var.name}-closed"
  network            = google_compute_network.this.id
  description        = "Nothing from outside the network"
  direction          = "INGRESS"
  priority           = 65000
  source_ranges      = ["0.0.0.0/0"]
  destination_ranges = [var.cidr]

  deny {
    protocol = "all"
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_firewall" "proxies" {
  project       = var.account
  name          = "${var.name}-proxies"
  network       = google_compute_network.this.id
  description   = "Load balancers' proxies to pods"
  direction     = "INGRESS"
  priority      = 1000
  source_ranges = [google_compute_subnetwork.proxies.ip_cidr_range]

  allow {
    protocol = "tcp"
    ports    = ["8080", "8443"]
  }
}

# The way out, where it is asked for.
resource "google_compute_route" "out" {
  count = var.internet_egress ? 1 : 0

  project          = var.account
  name             = "${var.name}-out"
  network          = google_compute_network.this.name
  dest_range       = "0.0.0.0/0"
  next_hop_gateway = "default-internet-gateway"
}

resource "google_compute_router" "egress" {
  count = var.internet_egress ? 1 : 0

  project = var.account
  name    = "${var.name}-egress"
  region  = var.region
  network = google_compute_network.this.id
}

resource "google_compute_router_nat" "egress" {
  count = var.internet_egress ? 1 : 0

  project                            = var.account
  name                               = "${var.name}-egress"
  region                             = var.region
  router                             = google_compute_router.egress[0].name
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.cluster.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  log_config {
    enable = true
    filter = "ALL"
  }
}

# Flows go where Google puts them; this keeps them under our key and for as long as asked.
resource "google_logging_project_bucket_config" "flows" {
  project        = var.account
  location       = var.region
  bucket_id      = "${var.name}-flows"
  retention_days = var.flow_log_days

  cmek_settings {
    kms_key_name = var.encryption_key.id
  }
}

resource "google_logging_project_sink" "flows" {
  project                = var.account
  name                   = "${var.name}-flows"
  destination            = "logging.googleapis.com/${google_logging_project_bucket_config.flows.id}"
  filter                 = "log_id(\"compute.googleapis.com/vpc_flows\")"
  unique_writer_identity = true
}
