locals {
  pools = merge(
    { cpu = { machine_type = var.cpu_pool.machine_type, minimum = var.cpu_pool.minimum, maximum = var.cpu_pool.maximum, accelerators = {} } },
    {
      for kind, p in var.gpu_pools : kind => {
        machine_type = p.machine_type, minimum = p.minimum, maximum = p.maximum, accelerators = { (p.accelerator) = p.count }
      }
    },
  )
  node_roles = ["roles/container.defaultNodeServiceAccount"]
  registry   = regex("projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/repositories/(?P<name>[^/]+)$", var.registry_id)
}

resource "google_service_account" "nodes" {
  project      = var.account
  account_id   = "${var.name}-nodes"
  display_name = "${var.name} nodes"
}

resource "google_project_iam_member" "nodes" {
  for_each = toset(local.node_roles)

  project = var.account
  role    = each.key
  member  = "serviceAccount:${google_service_account.nodes.email}"
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  project    = local.registry.project
  location   = local.registry.location
  repository = local.registry.name
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${google_service_account.nodes.email}"
}

resource "google_container_cluster" "this" {
  #checkov:skip=CKV_GCP_21:It has labels, below; the scanner follows merge() into a root at some times only.
  #checkov:skip=CKV_GCP_12:Dataplane V2, set below, enforces network policies; the older setting excludes it.
  #checkov:skip=CKV_GCP_65:Groups get their rights by IAM: administrators here, all others in the module identity.
  #checkov:skip=CKV_GCP_69:The default pool is removed at once; every pool that stays asks for GKE_METADATA.
  project                     = var.account
  name                        = var.name
  location                    = var.region
  network                     = var.network_id
  subnetwork                  = var.subnet_ids[0]
  min_master_version          = var.kubernetes_version
  remove_default_node_pool    = true
  initial_node_count          = 1
  networking_mode             = "VPC_NATIVE"
  datapath_provider           = "ADVANCED_DATAPATH"
  enable_shielded_nodes       = true
  enable_intranode_visibility = true
  deletion_protection         = true
  resource_labels             = merge(var.labels, { environment = var.environment })

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = true
    master_ipv4_cidr_block  = var.control_plane_cidr
  }

  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled = false

    dynamic "cidr_blocks" {
      for_each = var.client_cidrs
      content {
        cidr_block   = cidr_blocks.value
        display_name = cidr_blocks.key
      }
    }
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  workload_identity_config {
    workload_pool = "${var.account}.svc.id.goog"
  }

  database_encryption {
    state    = "ENCRYPTED"
    key_name = var.encryption_key.id
  }

  release_channel {
    channel = "REGULAR"
  }

  binary_authorization {
    evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE"
  }

  logging_config {
    enable_components = ["APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "SYSTEM_COMPONENTS", "WORKLOADS"]
  }

  monitoring_config {
    enable_components = ["SYSTEM_COMPONENTS"]

    managed_prometheus {
      enabled = true
    }
  }

  security_posture_config {
    mode               = "BASIC"
    vulnerability_mode = "VULNERABILITY_BASIC"
  }
}

resource "google_project_iam_member" "administrator" {
  for_each = var.administrators

  project = var.account
  role    = "roles/container.admin"
  member  = each.key

  condition {
    title       = "${var.name} alone"
    description = "Only this cluster"
    expression  = "resource.name == \"${google_container_cluster.this.id}\" || resource.name.startsWith(\"${google_container_cluster.this.id}/\")"
  }
}

resource "google_container_node_pool" "this" {
  for_each = local.pools

  project            = var.account
  name               = each.key
  location           = var.region
  cluster            = google_container_cluster.this.name
  initial_node_count = max(each.value.minimum, 1)

  autoscaling {
    total_min_node_count = each.value.minimum
    total_max_node_count = each.value.maximum
    location_policy      = length(each.value.accelerators) > 0 ? "ANY" : "BALANCED"
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  upgrade_settings {
    max_surge       = 1
    max_unavailable = 0
  }

  node_config {
    machine_type    = each.value.machine_type
    image_type      = "COS_CONTAINERD"
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    labels          = var.labels
    metadata        = { disable-legacy-endpoints = "true" }

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }

    dynamic "guest_accelerator" {
      for_each = each.value.accelerators
      content {
        type  = guest_accelerator.key
        count = guest_accelerator.value

        gpu_driver_installation_config {
          gpu_driver_version = "DEFAULT"
        }
      }
    }

    dynamic "taint" {
      for_each = each.value.accelerators
      content {
        key    = "nvidia.com/gpu"
        value  = "present"
        effect = "NO_SCHEDULE"
      }
    }
  }

  lifecycle {
    ignore_changes = [initial_node_count] # the autoscaler moves it
  }
}

# gVisor stands between a pod and its node's kernel. Only Google's beta provider has the block that asks for it.
resource "google_container_node_pool" "sandbox" {
  provider = google-beta

  project            = var.account
  name               = "sandbox"
  location           = var.region
  cluster            = google_container_cluster.this.name
  initial_node_count = max(var.sandbox_pool.minimum, 1)

  autoscaling {
    total_min_node_count = var.sandbox_pool.minimum
    total_max_node_count = var.sandbox_pool.maximum
    location_policy      = "BALANCED"
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  upgrade_settings {
    max_surge       = 1
    max_unavailable = 0
  }

  node_config {
    machine_type    = var.sandbox_pool.machine_type
    image_type      = "COS_CONTAINERD"
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    labels          = var.labels
    metadata        = { disable-legacy-endpoints = "true" }

    sandbox_config {
      sandbox_type = "gvisor"
    }

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  lifecycle {
    ignore_changes = [initial_node_count] # the autoscaler moves it
  }
}
