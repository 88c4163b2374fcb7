mock_provider "azurerm" {}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "example-dev"
  region      = "westeurope"
  generations = { gate = 2, validator = 1 }
  signers     = { gate = "00000000-0000-0000-0000-000000000001" }
}

run "plans" {
  command = plan

  assert {
    condition     = length(azurerm_key_vault_key.this) == 3
    error_message = "a key for each role and generation"
  }
}

run "refuses_bad_generations" {
  command = plan

  variables {
    generations = { intruder = 1 }
  }

  expect_failures = [var.generations]
}
