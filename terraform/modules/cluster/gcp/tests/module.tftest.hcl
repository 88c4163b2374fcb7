mock_provider "google" {}
mock_provider "google-beta" {}

variables {
  name               = "turnpike-dev"
  environment        = "dev"
  account            = "example-dev"
  region             = "europe-west3"
  network_id         = "projects/example-dev/global/networks/n"
  subnet_ids         = ["projects/example-dev/regions/europe-west3/subnetworks/cluster"]
  encryption_key     = { id = "projects/example-dev/locations/europe-west3/keyRings/r/cryptoKeys/k", user = "" }
  administrators     = ["group:platform-owners@example.com"]
  cpu_pool           = { machine_type = "n2-standard-4", minimum = 2, maximum = 10 }
  sandbox_pool       = { machine_type = "n2-standard-2", minimum = 0, maximum = 4 }
  gpu_pools          = { nvidia-t4 = { machine_type = "n1-standard-4", accelerator = "nvidia-tesla-t4", count = 1, minimum = 0, maximum = 4 } }
  registry_id        = "projects/example-dev/locations/europe-west3/repositories/turnpike-dev"
  kubernetes_version = "1.34"
  control_plane_cidr = "172.16.0.0/28"
  client_cidrs       = { bastion = "10.10.64.0/24" }
}

run "applies" {
  assert {
    condition     = google_container_cluster.this.private_cluster_config[0].enable_private_endpoint && google_container_cluster.this.private_cluster_config[0].enable_private_nodes
    error_message = "the control plane is private"
  }

  assert {
    condition     = google_container_cluster.this.database_encryption[0].state == "ENCRYPTED"
    error_message = "secrets are under our key"
  }

  assert {
    condition     = alltrue([for p in google_container_node_pool.this : p.node_config[0].workload_metadata_config[0].mode == "GKE_METADATA"])
    error_message = "pods never see the identity of their node"
  }

  assert {
    condition     = google_container_node_pool.this["nvidia-t4"].node_config[0].guest_accelerator[0].type == "nvidia-tesla-t4" && google_container_node_pool.this["nvidia-t4"].node_config[0].taint[0].key == "nvidia.com/gpu"
    error_message = "accelerators and taints are those that environment.yaml names"
  }
}

run "keeps_pods_apart" {
  assert {
    condition     = google_container_cluster.this.datapath_provider == "ADVANCED_DATAPATH"
    error_message = "network policies are enforced"
  }

  assert {
    condition     = google_container_node_pool.sandbox.node_config[0].sandbox_config[0].sandbox_type == "gvisor" && google_container_node_pool.sandbox.node_config[0].workload_metadata_config[0].mode == "GKE_METADATA"
    error_message = "the sandbox pool runs under gVisor"
  }

  assert {
    condition     = google_artifact_registry_repository_iam_member.nodes.repository == "turnpike-dev" && google_artifact_registry_repository_iam_member.nodes.role == "roles/artifactregistry.reader"
    error_message = "nodes pull from the one registry"
  }
}

run "refuses_public_clients" {
  command = plan

  variables {
    client_cidrs = { everybody = "0.0.0.0/0" }
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_a_pool_of_less_than_nothing" {
  command = plan

  variables {
    cpu_pool = { machine_type = "any", minimum = 3, maximum = 2 }
  }

  expect_failures = [var.cpu_pool]
}
