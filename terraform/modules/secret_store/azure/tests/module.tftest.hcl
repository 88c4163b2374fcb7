mock_provider "azurerm" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "westeurope"
  network_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids     = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/data"]
  encryption_key = { id = "https://example.vault.azure.net/keys/secrets", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
  readers        = { argocd-sign-on = "aaaaaaaa-0000-4000-8000-000000000003" }
}

run "applies" {
  assert {
    condition     = !azurerm_key_vault.this.public_network_access_enabled && azurerm_key_vault.this.purge_protection_enabled && azurerm_key_vault.this.network_acls[0].default_action == "Deny"
    error_message = "the vault is private and nothing in it is lost"
  }

  assert {
    condition     = azurerm_role_assignment.reader["argocd-sign-on"].scope == "${azurerm_key_vault.this.id}/secrets/argocd-sign-on" && azurerm_role_assignment.reader["argocd-sign-on"].principal_id == "aaaaaaaa-0000-4000-8000-000000000003"
    error_message = "one identity reads one secret, and not all of the vault"
  }
}

run "refuses_secrets_that_anybody_reads" {
  command = plan

  variables {
    readers = { argocd-sign-on = "*" }
  }

  expect_failures = [var.readers]
}
