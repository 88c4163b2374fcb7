locals {
  # MLflow's own way to name a container of blobs.
  store = regex("^https://(?P<host>[^/]+)/(?P<container>.+)$", var.storage_uri)
  # The gateway calls the server by this name.
  host = "${var.name}-mlflow.${azurerm_container_app_environment.this.default_domain}"
  settings = merge(local.sign_on, {
    AZURE_CLIENT_ID              = azurerm_user_assigned_identity.this.client_id
    DATABASE_CLOUD               = "azure"
    DATABASE_HOST                = var.database.host
    DATABASE_ID                  = var.database.id
    DATABASE_NAME                = var.database.name
    DATABASE_USER                = var.database.user
    MLFLOW_ARTIFACTS_DESTINATION = "wasbs://${local.store.container}@${local.store.host}"
    MLFLOW_DISABLE_TELEMETRY     = "true"
    MLFLOW_HOST                  = "0.0.0.0"
    MLFLOW_PORT                  = "5000"
    MLFLOW_SERVER_ALLOWED_HOSTS  = "${trimprefix(var.address, "https://")},${local.host}"
  })
  secrets = {
    sign-on = { setting = "OIDC_CLIENT_SECRET", id = var.secret_ids.sign_on }
    session = { setting = "SECRET_KEY", id = var.secret_ids.session }
  }
}

resource "azurerm_user_assigned_identity" "this" {
  name                = "${var.name}-mlflow"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_role_assignment" "this" {
  for_each = { "Storage Blob Data Contributor" = var.artifact_store_id, "AcrPull" = var.registry_id }

  scope                = each.value
  role_definition_name = each.key
  principal_id         = azurerm_user_assigned_identity.this.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_container_app_environment" "this" {
  name                           = "${var.name}-mlflow"
  resource_group_name            = var.account
  location                       = var.region
  infrastructure_subnet_id       = var.subnet_ids[0]
  internal_load_balancer_enabled = true
  public_network_access          = "Disabled"
  zone_redundancy_enabled        = true
  mutual_tls_enabled             = true
  logs_destination               = "azure-monitor"
  tags                           = var.labels

  workload_profile {
    name                  = "Consumption"
    workload_profile_type = "Consumption"
  }
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                           = "${var.name}-mlflow"
  target_resource_id             = azurerm_container_app_environment.this.id
  log_analytics_workspace_id     = var.logs_id
  log_analytics_destination_type = "Dedicated"

  dynamic "enabled_log" {
    for_each = toset(["ContainerAppConsoleLogs", "ContainerAppSystemLogs"])
    content {
      category = enabled_log.value
    }
  }
}

resource "azurerm_container_app" "this" {
  name                         = "${var.name}-mlflow"
  resource_group_name          = var.account
  container_app_environment_id = azurerm_container_app_environment.this.id
  revision_mode                = "Single"
  workload_profile_name        = "Consumption"
  tags                         = var.labels

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.this.id]
  }

  registry {
    server   = split("/", var.image)[0]
    identity = azurerm_user_assigned_identity.this.id
  }

  dynamic "secret" {
    for_each = local.secrets
    content {
      name                = secret.key
      identity            = azurerm_user_assigned_identity.this.id
      key_vault_secret_id = secret.value.id
    }
  }

  # "External" is to the environment, which itself has a private address alone.
  ingress {
    external_enabled           = true
    allow_insecure_connections = false
    target_port                = 5000
    transport                  = "http"

    traffic_weight {
      latest_revision = true
      percentage      = 100
    }

    dynamic "ip_security_restriction" {
      for_each = var.client_cidrs
      content {
        name             = ip_security_restriction.key
        action           = "Allow"
        ip_address_range = ip_security_restriction.value
      }
    }
  }

  template {
    min_replicas = var.copies
    max_replicas = var.copies

    container {
      name    = "mlflow"
      image   = var.image
      command = ["mlflow", "server", "--app-name", "oidc-auth"]
      cpu     = var.processors
      memory  = "${var.processors * 2}Gi"

      dynamic "env" {
        for_each = local.settings
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.secrets
        content {
          name        = env.value.setting
          secret_name = env.key
        }
      }

      liveness_probe {
        transport = "HTTP"
        port      = 5000
        path      = "/health"
      }
    }
  }

  depends_on = [azurerm_role_assignment.this]
}

# The environment's names, which the gateway calls the server by.
resource "azurerm_private_dns_zone" "this" {
  name                = azurerm_container_app_environment.this.default_domain
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "${var.name}-mlflow"
  resource_group_name   = var.account
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}

resource "azurerm_private_dns_a_record" "this" {
  name                = "*"
  zone_name           = azurerm_private_dns_zone.this.name
  resource_group_name = var.account
  ttl                 = 300
  records             = [azurerm_container_app_environment.this.static_ip_address]
  tags                = var.labels
}
