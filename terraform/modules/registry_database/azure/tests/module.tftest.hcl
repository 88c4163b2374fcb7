mock_provider "azurerm" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "westeurope"
  network_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids     = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/data", "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/database"]
  encryption_key = { id = "https://example.vault.azure.net/keys/database", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
  client_cidrs   = { nodes = "10.10.0.0/19" }
  clients        = { mlflow = "aaaaaaaa-0000-4000-8000-000000000003" }
  machine_type   = "GP_Standard_D2ds_v5"
}

run "applies" {
  assert {
    condition     = !azurerm_postgresql_flexible_server.this.public_network_access_enabled && azurerm_postgresql_flexible_server.this.delegated_subnet_id == var.subnet_ids[1] && azurerm_postgresql_flexible_server.this.high_availability[0].mode == "ZoneRedundant" && azurerm_management_lock.this.lock_level == "CanNotDelete"
    error_message = "private, in two zones, and protected"
  }

  assert {
    condition     = !azurerm_postgresql_flexible_server.this.authentication[0].password_auth_enabled && azurerm_postgresql_flexible_server_active_directory_administrator.client["mlflow"].object_id == "aaaaaaaa-0000-4000-8000-000000000003"
    error_message = "clients enter as themselves, and nobody knows a password"
  }

  assert {
    condition     = azurerm_postgresql_flexible_server_configuration.this["require_secure_transport"].value == "on"
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
