locals {
  # Azure writes each log to a container of this name; they stand before the first entry, so that it is locked.
  containers = toset(["insights-activity-logs", "insights-logs-storagedelete", "insights-logs-storageread", "insights-logs-storagewrite"])
}

data "azurerm_client_config" "current" {}

resource "azurerm_storage_account" "this" {
  #checkov:skip=CKV_AZURE_33:Nothing here uses queues; the trail is blobs.
  #checkov:skip=CKV_AZURE_206:Residency forbids copies in another region; zones, versions and locks guard against loss.
  #checkov:skip=CKV2_AZURE_33:Azure's own services alone write here, past the closed firewall; auditors read by export.
  name                              = var.store_name
  resource_group_name               = var.account
  location                          = var.region
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = "ZRS"
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  infrastructure_encryption_enabled = true
  shared_access_key_enabled         = false
  local_user_enabled                = false
  public_network_access_enabled     = false
  allow_nested_items_to_be_public   = false
  default_to_oauth_authentication   = true
  cross_tenant_replication_enabled  = false
  tags                              = var.labels

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }

  sas_policy {
    expiration_period = "0.01:00:00"
    expiration_action = "Block"
  }

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.encryption_key.user]
  }

  customer_managed_key {
    key_vault_key_id          = var.encryption_key.id
    user_assigned_identity_id = var.encryption_key.user
  }
}

resource "azurerm_storage_container" "this" {
  #checkov:skip=CKV2_AZURE_21:The trail itself is the log of access; a log of the log would never end.
  for_each = local.containers

  name                  = each.key
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"
}

# Azure appends entries to a blob for an hour, and to none that is older; nothing else changes one.
resource "azurerm_storage_container_immutability_policy" "this" {
  for_each = local.containers

  storage_container_resource_manager_id = azurerm_storage_container.this[each.key].id
  immutability_period_in_days           = var.locked_days
  protected_append_writes_enabled       = true
  locked                                = var.environment == "production"
}

resource "azurerm_monitor_diagnostic_setting" "administration" {
  name               = "${var.name}-administration"
  target_resource_id = "/subscriptions/${data.azurerm_client_config.current.subscription_id}"
  storage_account_id = azurerm_storage_account.this.id

  dynamic "enabled_log" {
    for_each = toset(["Administrative", "Alert", "Policy", "Security"])
    content {
      category = enabled_log.value
    }
  }

  depends_on = [azurerm_storage_container_immutability_policy.this]
}

resource "azurerm_monitor_diagnostic_setting" "artifacts" {
  name               = "${var.name}-artifacts"
  target_resource_id = "${var.artifact_store_id}/blobServices/default"
  storage_account_id = azurerm_storage_account.this.id

  dynamic "enabled_log" {
    for_each = toset(["StorageDelete", "StorageRead", "StorageWrite"])
    content {
      category = enabled_log.value
    }
  }

  depends_on = [azurerm_storage_container_immutability_policy.this]
}
