data "azurerm_client_config" "current" {}

resource "azurerm_key_vault" "this" {
  name                          = substr("${replace(var.name, "-", "")}secrets", 0, 24)
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
    bypass         = "None"
  }
}

resource "azurerm_private_dns_zone" "this" {
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "${var.name}-secrets"
  resource_group_name   = var.account
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}

resource "azurerm_private_endpoint" "this" {
  name                = "${var.name}-secrets"
  resource_group_name = var.account
  location            = var.region
  subnet_id           = var.subnet_ids[0]
  tags                = var.labels

  private_service_connection {
    name                           = "secrets"
    private_connection_resource_id = azurerm_key_vault.this.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "secrets"
    private_dns_zone_ids = [azurerm_private_dns_zone.this.id]
  }
}

# The right to one secret, also before there is one.
resource "azurerm_role_assignment" "reader" {
  for_each = var.readers

  scope                = "${azurerm_key_vault.this.id}/secrets/${each.key}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = each.value
  principal_type       = "ServicePrincipal"
}
