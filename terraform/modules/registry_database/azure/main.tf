data "azurerm_client_config" "current" {}

resource "azurerm_private_dns_zone" "this" {
  name                = "${var.name}.private.postgres.database.azure.com"
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "${var.name}-registry-database"
  resource_group_name   = var.account
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}

resource "azurerm_postgresql_flexible_server" "this" {
  #checkov:skip=CKV_AZURE_136:Residency forbids copies in another region; zones and backups guard against loss.
  #checkov:skip=CKV2_AZURE_57:The server stands in its own delegated subnet, so it needs no private endpoint.
  name                          = "${var.name}-registry"
  resource_group_name           = var.account
  location                      = var.region
  version                       = "17"
  sku_name                      = var.machine_type
  storage_mb                    = var.storage_gb * 1024
  auto_grow_enabled             = false # it would have no bound
  backup_retention_days         = var.backup_days
  geo_redundant_backup_enabled  = false
  public_network_access_enabled = false
  delegated_subnet_id           = var.subnet_ids[1]
  private_dns_zone_id           = azurerm_private_dns_zone.this.id
  zone                          = "1"
  tags                          = var.labels

  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = false
    tenant_id                     = data.azurerm_client_config.current.tenant_id
  }

  high_availability {
    mode                      = "ZoneRedundant"
    standby_availability_zone = "2"
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.encryption_key.user]
  }

  customer_managed_key {
    key_vault_key_id                  = var.encryption_key.id
    primary_user_assigned_identity_id = var.encryption_key.user
  }

  # A failover swaps the zones.
  lifecycle {
    ignore_changes = [zone, high_availability[0].standby_availability_zone]
  }

  depends_on = [azurerm_private_dns_zone_virtual_network_link.this]
}

resource "azurerm_postgresql_flexible_server_configuration" "this" {
  for_each = {
    "log_connections"            = "on"
    "log_disconnections"         = "on"
    "log_statement"              = "ddl"
    "log_min_duration_statement" = "-1"
    "require_secure_transport"   = "on"
    "ssl_min_protocol_version"   = "TLSv1.2"
  }

  server_id = azurerm_postgresql_flexible_server.this.id
  name      = each.key
  value     = each.value
}

resource "azurerm_postgresql_flexible_server_database" "this" {
  server_id = azurerm_postgresql_flexible_server.this.id
  name      = "mlflow"
  charset   = "UTF8"
  collation = "en_US.utf8"
}

resource "azurerm_management_lock" "this" {
  name       = "${var.name}-registry"
  scope      = azurerm_postgresql_flexible_server.this.id
  lock_level = "CanNotDelete"
  notes      = "The registry's database, with everything in it, goes only once this lock has gone."
}

resource "azurerm_postgresql_flexible_server_active_directory_administrator" "client" {
  for_each = var.clients

  resource_group_name = var.account
  server_name         = azurerm_postgresql_flexible_server.this.name
  tenant_id           = data.azurerm_client_config.current.tenant_id
  object_id           = each.value
  principal_name      = each.key
  principal_type      = "ServicePrincipal"
}
