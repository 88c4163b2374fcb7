mock_provider "azurerm" {}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "example-dev"
  region      = "westeurope"
  purposes    = ["cluster", "logs"]
}

run "plans" {
  command = plan

  assert {
    condition     = azurerm_key_vault.this.purge_protection_enabled
    error_message = "keys can not be purged"
  }
}

run "refuses_bad_rotation_days" {
  command = plan

  variables {
    rotation_days = 30
  }

  expect_failures = [var.rotation_days]
}
