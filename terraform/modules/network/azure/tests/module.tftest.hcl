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

run "gives_whole_subnets_to_what_takes_them" {
  assert {
    condition     = one(one(azurerm_subnet.this["ingress"].delegation).service_delegation).name == "Microsoft.Network/applicationGateways" && one(one(azurerm_subnet.this["services"].delegation).service_delegation).name == "Microsoft.App/environments" && length(azurerm_subnet.this["data"].delegation) == 0
    error_message = "Azure's gateway and its servers each have a subnet of their own"
  }
}

run "refuses_bad_cidr" {
  command = plan

  variables {
    cidr = "192.168.0.0/16"
  }

  expect_failures = [var.cidr]
}
