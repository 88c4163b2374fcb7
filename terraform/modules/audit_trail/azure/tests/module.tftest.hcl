mock_provider "azurerm" {}

variables {
  name              = "turnpike-dev"
  environment       = "production"
  account           = "example-dev"
  region            = "westeurope"
  store_name        = "exampleturnpikedevaudit"
  artifact_store_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Storage/storageAccounts/exampleturnpikedev"
  encryption_key    = { id = "https://example.vault.azure.net/keys/audit", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key" }
}

run "applies" {
  assert {
    condition     = alltrue([for p in azurerm_storage_container_immutability_policy.this : p.locked && p.immutability_period_in_days == 730]) && !azurerm_storage_account.this.public_network_access_enabled
    error_message = "private, and locked in production"
  }

  assert {
    condition     = toset([for l in azurerm_monitor_diagnostic_setting.artifacts.enabled_log : l.category]) == toset(["StorageDelete", "StorageRead", "StorageWrite"])
    error_message = "every access to artifacts is in it"
  }
}

run "locks_every_log_that_it_writes" {
  assert {
    condition     = toset(keys(azurerm_storage_container_immutability_policy.this)) == toset(concat(["insights-activity-logs"], [for l in azurerm_monitor_diagnostic_setting.artifacts.enabled_log : "insights-logs-${lower(l.category)}"]))
    error_message = "each log has a locked container"
  }
}

run "refuses_bad_locked_days" {
  command = plan

  variables {
    locked_days = 30
  }

  expect_failures = [var.locked_days]
}

