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

  assert {
    condition     = contains(azurerm_key_vault_key.this["cluster"].key_opts, "encrypt") && contains(azurerm_key_vault_key.this["logs"].key_opts, "wrapKey")
    error_message = "each key does what its service asks of it, and no more"
  }
}

run "refuses_bad_rotation_days" {
  command = plan

  variables {
    rotation_days = 30
  }

  expect_failures = [var.rotation_days]
}
