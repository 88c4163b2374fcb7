data "azurerm_client_config" "current" {}

resource "azurerm_key_vault" "this" {
  #checkov:skip=CKV2_AZURE_32:Azure's own services reach the vault past its closed firewall; the network module adds endpoints for pods.
  name                          = substr("${replace(var.name, "-", "")}keys", 0, 24)
  resource_group_name           = var.account
  location                      = var.region
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "premium"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = false
  tags                          = var.labels

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}

resource "azurerm_key_vault_key" "this" {
  for_each = var.purposes

  name            = each.key
  key_vault_id    = azurerm_key_vault.this.id
  key_type        = "RSA-HSM"
  key_size        = 3072
  key_opts        = each.key == "cluster" ? ["decrypt", "encrypt"] : ["unwrapKey", "wrapKey"] # as Azure's own users of each ask
  expiration_date = timeadd(plantimestamp(), "${(var.rotation_days + 30) * 24}h")
  tags            = merge(var.labels, { purpose = each.key })

  rotation_policy {
    expire_after         = "P${var.rotation_days + 30}D"
    notify_before_expiry = "P29D"

    automatic {
      time_before_expiry = "P30D"
    }
  }

  lifecycle {
    ignore_changes  = [expiration_date] # the rotation policy moves it
    prevent_destroy = true
  }
}

resource "azurerm_user_assigned_identity" "user" {
  for_each = var.purposes

  name                = "${var.name}-${each.key}-key"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_role_assignment" "user" {
  for_each = var.purposes

  scope                = azurerm_key_vault_key.this[each.key].resource_versionless_id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.user[each.key].principal_id
  principal_type       = "ServicePrincipal"
}
