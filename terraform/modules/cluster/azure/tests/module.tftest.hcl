mock_provider "azurerm" {
  mock_data "azurerm_key_vault_key" {
    defaults = { id = "https://example.vault.azure.net/keys/cluster/0123456789abcdef0123456789abcdef" }
  }

  mock_resource "azurerm_kubernetes_cluster" {
    defaults = { kube_config = [{ client_certificate = "", client_key = "", cluster_ca_certificate = "Y2E=", host = "", password = "", username = "" }] }
  }
}

variables {
  name               = "turnpike-dev"
  environment        = "dev"
  account            = "example-dev"
  region             = "westeurope"
  network_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids         = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/cluster", "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/control-plane"]
  encryption_key     = { id = "https://example.vault.azure.net/keys/cluster", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
  administrators     = ["aaaaaaaa-0000-4000-8000-000000000001"]
  cpu_pool           = { machine_type = "Standard_D8ds_v5", minimum = 2, maximum = 10 }
  sandbox_pool       = { machine_type = "Standard_D4ds_v5", minimum = 0, maximum = 4 }
  gpu_pools          = { nvidia-t4 = { machine_type = "Standard_NC4as_T4_v3", accelerator = "t4", count = 1, minimum = 0, maximum = 4 } }
  registry_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerRegistry/registries/exampleturnpikedev"
  kubernetes_version = "1.34"
  control_plane_cidr = "172.16.0.0/28"
  client_cidrs       = { bastion = "10.10.64.0/24" }
}

run "applies" {
  assert {
    condition     = azurerm_kubernetes_cluster.this.private_cluster_enabled && azurerm_kubernetes_cluster.this.api_server_access_profile[0].subnet_id == var.subnet_ids[1] && !azurerm_kubernetes_cluster.this.private_cluster_public_fqdn_enabled
    error_message = "the control plane is private"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.local_account_disabled && azurerm_kubernetes_cluster.this.oidc_issuer_enabled && azurerm_kubernetes_cluster.this.workload_identity_enabled
    error_message = "identities are federated, and there are no local accounts"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.key_management_service[0].key_vault_network_access == "Private" && endswith(azurerm_kubernetes_cluster.this.key_management_service[0].key_vault_key_id, "/keys/cluster/0123456789abcdef0123456789abcdef")
    error_message = "secrets are under our key"
  }

  assert {
    condition     = one([for p in azurerm_kubernetes_cluster_node_pool.this : p.node_labels["turnpike.dev/accelerator"] if contains(p.node_taints, "sku=gpu:NoSchedule")]) == "nvidia-t4"
    error_message = "labels and taints are those that environment.yaml names"
  }
}

run "tells_who_vouches_for_it" {
  assert {
    condition     = output.certificate_authority == "Y2E="
    error_message = "Argo CD can tell the control plane from another"
  }
}

run "keeps_pods_apart" {
  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].network_policy == "cilium"
    error_message = "network policies are enforced"
  }

  assert {
    condition     = contains(azurerm_kubernetes_cluster_node_pool.this["sandbox"].node_taints, "turnpike.dev/sandbox=true:NoSchedule") && length(azurerm_kubernetes_cluster_node_pool.this["cpu"].node_taints) == 0
    error_message = "nothing but what is meant for it runs in the sandbox pool"
  }

  assert {
    condition     = azurerm_role_assignment.nodes.role_definition_name == "AcrPull" && azurerm_role_assignment.nodes.scope == var.registry_id
    error_message = "nodes pull from the one registry"
  }
}

run "refuses_one_subnet_for_both" {
  command = plan

  variables {
    subnet_ids = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/cluster"]
  }

  expect_failures = [var.subnet_ids]
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
