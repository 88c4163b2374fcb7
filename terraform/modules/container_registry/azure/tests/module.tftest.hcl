mock_provider "azurerm" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "westeurope"
  repositories   = ["turnpike/mlserver", "turnpike/delivery"]
  network_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids     = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/data"]
  encryption_key = { id = "https://example.vault.azure.net/keys/storage", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
}

run "applies" {
  assert {
    condition     = !azurerm_container_registry.this.admin_enabled && azurerm_container_registry.this.quarantine_policy_enabled
    error_message = "tags stay, images are scanned"
  }
}

run "refuses_bad_untagged_days" {
  command = plan

  variables {
    untagged_days = 1
  }

  expect_failures = [var.untagged_days]
}
