mock_provider "azurerm" {}

variables {
  name              = "turnpike-dev"
  environment       = "dev"
  account           = "example-dev"
  region            = "westeurope"
  store_name        = "exampleturnpikedev"
  network_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids        = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/data"]
  retention_classes = { candidates = { prefix = "candidates/", archive_days = 30, expire_days = 400 } }
  encryption_key    = { id = "https://example.vault.azure.net/keys/storage", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
}

run "applies" {
  assert {
    condition     = !azurerm_storage_account.this.public_network_access_enabled && !azurerm_storage_account.this.shared_access_key_enabled
    error_message = "private and locked"
  }
}

run "refuses_bad_locked_days" {
  command = plan

  variables {
    locked_days = 0
  }

  expect_failures = [var.locked_days]
}
