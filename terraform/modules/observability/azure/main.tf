locals {
  # The names by which the private link answers in the network, for writing and for queries.
  zones = toset(["privatelink.monitor.azure.com", "privatelink.ods.opinsights.azure.com", "privatelink.oms.opinsights.azure.com"])
}

resource "azurerm_monitor_workspace" "this" {
  name                          = var.name
  resource_group_name           = var.account
  location                      = var.region
  public_network_access_enabled = false
  tags                          = var.labels
}

resource "azurerm_log_analytics_workspace" "this" {
  name                         = "${var.name}-logs"
  resource_group_name          = var.account
  location                     = var.region
  sku                          = "PerGB2018"
  retention_in_days            = var.log_days
  internet_ingestion_enabled   = false
  internet_query_enabled       = false
  local_authentication_enabled = false
  tags                         = var.labels
}

resource "azurerm_monitor_data_collection_endpoint" "this" {
  name                          = "${var.name}-metrics"
  resource_group_name           = var.account
  location                      = var.region
  kind                          = "Linux"
  public_network_access_enabled = false
  tags                          = var.labels
}

resource "azurerm_monitor_data_collection_rule" "this" {
  name                        = "${var.name}-metrics"
  resource_group_name         = var.account
  location                    = var.region
  kind                        = "Linux"
  data_collection_endpoint_id = azurerm_monitor_data_collection_endpoint.this.id
  tags                        = var.labels

  destinations {
    monitor_account {
      name               = "metrics"
      monitor_account_id = azurerm_monitor_workspace.this.id
    }
  }

  data_sources {
    prometheus_forwarder {
      name    = "metrics"
      streams = ["Microsoft-PrometheusMetrics"]
    }
  }

  data_flow {
    streams      = ["Microsoft-PrometheusMetrics"]
    destinations = ["metrics"]
  }
}

resource "azurerm_user_assigned_identity" "collector" {
  name                = "${var.name}-collector"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_federated_identity_credential" "collector" {
  name                = "collector"
  resource_group_name = var.account
  parent_id           = azurerm_user_assigned_identity.collector.id
  issuer              = var.cluster_issuer
  subject             = "system:serviceaccount:${var.collector.namespace}:${var.collector.service_account}"
  audience            = ["api://AzureADTokenExchange"]
}

resource "azurerm_role_assignment" "collector" {
  scope                = azurerm_monitor_data_collection_rule.this.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = azurerm_user_assigned_identity.collector.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_monitor_diagnostic_setting" "control_plane" {
  name                           = "${var.name}-control-plane"
  target_resource_id             = var.cluster_id
  log_analytics_workspace_id     = azurerm_log_analytics_workspace.this.id
  log_analytics_destination_type = "Dedicated"

  dynamic "enabled_log" {
    for_each = toset(["guard", "kube-apiserver", "kube-audit-admin", "kube-controller-manager", "kube-scheduler"])
    content {
      category = enabled_log.value
    }
  }
}

# Nothing of this is reached but through the network's own private link.
resource "azurerm_monitor_private_link_scope" "this" {
  name                  = var.name
  resource_group_name   = var.account
  ingestion_access_mode = "PrivateOnly"
  query_access_mode     = "PrivateOnly"
  tags                  = var.labels
}

resource "azurerm_monitor_private_link_scoped_service" "this" {
  for_each = { logs = azurerm_log_analytics_workspace.this.id, metrics = azurerm_monitor_data_collection_endpoint.this.id }

  name                = each.key
  resource_group_name = var.account
  scope_name          = azurerm_monitor_private_link_scope.this.name
  linked_resource_id  = each.value
}

resource "azurerm_private_dns_zone" "this" {
  for_each = setunion(local.zones, ["privatelink.${var.region}.prometheus.monitor.azure.com"])

  name                = each.key
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  for_each = azurerm_private_dns_zone.this

  name                  = "${var.name}-observability"
  resource_group_name   = var.account
  private_dns_zone_name = each.value.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}

resource "azurerm_private_endpoint" "write" {
  name                = "${var.name}-observability"
  resource_group_name = var.account
  location            = var.region
  subnet_id           = var.subnet_ids[0]
  tags                = var.labels

  private_service_connection {
    name                           = "observability"
    private_connection_resource_id = azurerm_monitor_private_link_scope.this.id
    subresource_names              = ["azuremonitor"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "observability"
    private_dns_zone_ids = [for zone in local.zones : azurerm_private_dns_zone.this[zone].id]
  }

  depends_on = [azurerm_monitor_private_link_scoped_service.this]
}

resource "azurerm_private_endpoint" "query" {
  name                = "${var.name}-metrics"
  resource_group_name = var.account
  location            = var.region
  subnet_id           = var.subnet_ids[0]
  tags                = var.labels

  private_service_connection {
    name                           = "metrics"
    private_connection_resource_id = azurerm_monitor_workspace.this.id
    subresource_names              = ["prometheusMetrics"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "metrics"
    private_dns_zone_ids = [azurerm_private_dns_zone.this["privatelink.${var.region}.prometheus.monitor.azure.com"].id]
  }
}
