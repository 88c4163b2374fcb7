resource "azurerm_storage_account" "this" {
  #checkov:skip=CKV_AZURE_33:Nothing here uses queues; artifacts are blobs, whose reads and writes are logged below.
  #checkov:skip=CKV_AZURE_206:Residency forbids copies in another region; zones, versions and locks guard against loss.
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
    versioning_enabled  = true
    change_feed_enabled = true

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

resource "azurerm_storage_container" "artifacts" {
  #checkov:skip=CKV2_AZURE_21:Reads are in the diagnostic setting of the module audit_trail.
  name                  = "artifacts"
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"
}

resource "azurerm_storage_container_immutability_policy" "artifacts" {
  storage_container_resource_manager_id = azurerm_storage_container.artifacts.id
  immutability_period_in_days           = var.locked_days
  protected_append_writes_all_enabled   = false
  locked                                = var.environment == "production"
}

resource "azurerm_storage_management_policy" "this" {
  storage_account_id = azurerm_storage_account.this.id

  dynamic "rule" {
    for_each = var.retention_classes
    content {
      name    = rule.key
      enabled = true

      filters {
        blob_types   = ["blockBlob"]
        prefix_match = ["${azurerm_storage_container.artifacts.name}/${rule.value.prefix}"]
      }

      actions {
        base_blob {
          tier_to_cold_after_days_since_modification_greater_than = rule.value.archive_days
          delete_after_days_since_modification_greater_than       = rule.value.expire_days > 0 ? rule.value.expire_days : null
        }
      }
    }
  }
}

resource "azurerm_private_endpoint" "this" {
  name                = "${var.name}-artifacts"
  resource_group_name = var.account
  location            = var.region
  subnet_id           = var.subnet_ids[0]
  tags                = var.labels

  private_service_connection {
    name                           = "artifacts"
    private_connection_resource_id = azurerm_storage_account.this.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "blob"
    private_dns_zone_ids = [azurerm_private_dns_zone.blob.id]
  }
}

resource "azurerm_private_dns_zone" "blob" {
  name                = "privatelink.blob.core.windows.net"
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "blob" {
  name                  = "${var.name}-blob"
  resource_group_name   = var.account
  private_dns_zone_name = azurerm_private_dns_zone.blob.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}
