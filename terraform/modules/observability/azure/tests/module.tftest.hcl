mock_provider "azurerm" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "westeurope"
  network_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids     = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/data"]
  encryption_key = { id = "https://example.vault.azure.net/keys/logs", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
  cluster_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerService/managedClusters/turnpike-dev"
  cluster_issuer = "https://westeurope.oic.prod-aks.azure.com/00000000/"
  collector      = { namespace = "observability", service_account = "collector" }
}

run "applies" {
  assert {
    condition     = !azurerm_monitor_workspace.this.public_network_access_enabled && !azurerm_log_analytics_workspace.this.internet_ingestion_enabled && azurerm_monitor_private_link_scope.this.query_access_mode == "PrivateOnly"
    error_message = "nothing is reached but from the network"
  }

  assert {
    condition     = azurerm_federated_identity_credential.collector.subject == "system:serviceaccount:observability:collector"
    error_message = "the collector is one service account"
  }

  assert {
    condition     = contains([for l in azurerm_monitor_diagnostic_setting.control_plane.enabled_log : l.category], "kube-audit-admin")
    error_message = "the control plane's audit log comes here"
  }
}

run "refuses_a_wildcard_of_a_namespace" {
  command = plan

  variables {
    collector = { namespace = "*", service_account = "collector" }
  }

  expect_failures = [var.collector]
}

run "refuses_to_keep_logs_for_a_day" {
  command = plan

  variables {
    log_days = 1
  }

  expect_failures = [var.log_days]
}
