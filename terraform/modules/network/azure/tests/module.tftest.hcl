mock_provider "azurerm" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "westeurope"
  cidr           = "10.10.0.0/16"
  encryption_key = { id = "https://example.vault.azure.net/keys/storage", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
}

run "applies" {
  assert {
    condition     = length(azurerm_nat_gateway.egress) == 0 && alltrue([for s in azurerm_subnet.this : !s.default_outbound_access_enabled])
    error_message = "no way in or out unless asked for"
  }
}

run "refuses_bad_cidr" {
  command = plan

  variables {
    cidr = "192.168.0.0/16"
  }

  expect_failures = [var.cidr]
}
