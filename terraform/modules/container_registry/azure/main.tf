locals {
  key_user = split("/", var.encryption_key.user)
}

data "azurerm_user_assigned_identity" "key" {
  name                = local.key_user[8]
  resource_group_name = local.key_user[4]
}

resource "azurerm_container_registry" "this" {
  #checkov:skip=CKV_AZURE_165:Residency forbids copies in another region; the registry spans the zones of its own.
  #checkov:skip=CKV_AZURE_164:Signatures are Turnpike's own statements, judged before a digest is released.
  name                          = substr("${replace(var.name, "-", "")}images", 0, 50)
  resource_group_name           = var.account
  location                      = var.region
  sku                           = "Premium"
  admin_enabled                 = false
  anonymous_pull_enabled        = false
  public_network_access_enabled = false
  network_rule_bypass_option    = "None"
  export_policy_enabled         = false
  quarantine_policy_enabled     = true
  zone_redundancy_enabled       = true
  data_endpoint_enabled         = true
  retention_policy_in_days      = var.untagged_days
  tags                          = var.labels

  identity {
    type         = "UserAssigned"
    identity_ids = [var.encryption_key.user]
  }

  encryption {
    key_vault_key_id   = var.encryption_key.id
    identity_client_id = data.azurerm_user_assigned_identity.key.client_id
  }
}

resource "azurerm_private_endpoint" "this" {
  name                = "${var.name}-images"
  resource_group_name = var.account
  location            = var.region
  subnet_id           = var.subnet_ids[0]
  tags                = var.labels

  private_service_connection {
    name                           = "images"
    private_connection_resource_id = azurerm_container_registry.this.id
    subresource_names              = ["registry"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "registry"
    private_dns_zone_ids = [azurerm_private_dns_zone.this.id]
  }
}

resource "azurerm_private_dns_zone" "this" {
  name                = "privatelink.azurecr.io"
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "${var.name}-registry"
  resource_group_name   = var.account
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}
