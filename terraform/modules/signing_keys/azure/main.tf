locals {
  keys = merge([
    for role, count in var.generations : { for n in range(1, count + 1) : "${role}-${n}" => { role = role, generation = n } }
  ]...)
}

data "azurerm_client_config" "current" {}

resource "azurerm_key_vault" "this" {
  #checkov:skip=CKV2_AZURE_32:The endpoint stands in the root's data subnet; the vault itself takes no public traffic.
  name                          = substr("${replace(var.name, "-", "")}sign", 0, 24)
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
  #checkov:skip=CKV_AZURE_112:The type is EC-HSM, which this check of RSA keys does not know.
  #checkov:skip=CKV_AZURE_40:A signing key is replaced by its next generation, and must verify for years after.
  for_each = local.keys

  name         = each.key
  key_vault_id = azurerm_key_vault.this.id
  key_type     = "EC-HSM"
  curve        = "P-256"
  key_opts     = ["sign", "verify"]
  tags         = merge(var.labels, { role = each.value.role, generation = tostring(each.value.generation) })

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_role_assignment" "signer" {
  for_each = var.signers

  scope                = azurerm_key_vault_key.this["${each.key}-${var.generations[each.key]}"].resource_versionless_id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = each.value
  principal_type       = "ServicePrincipal"
}
