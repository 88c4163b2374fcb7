data "azurerm_client_config" "current" {}

data "azurerm_subnet" "this" {
  name                 = element(split("/", var.subnet_ids[0]), -1)
  virtual_network_name = element(split("/", var.network_id), -1)
  resource_group_name  = var.account
}

locals {
  # The first addresses of a subnet are Azure's own.
  address = cidrhost(data.azurerm_subnet.this.address_prefixes[0], 10)
  # Each name with what serves it; the cluster has all that no service has, and comes last.
  backends = merge(
    { for name, at in var.services : name => { host = "${name}.${var.domain}", fqdns = [at], addresses = [], port = 443, path = "/health", priority = 1 + parseint(substr(sha256(name), 0, 3), 16) } },
    { "cluster-ingress" = { host = "*.${var.domain}", fqdns = [], addresses = var.cluster_backends, port = 8443, path = var.health_path, priority = 20000 } },
  )
}

resource "azurerm_user_assigned_identity" "this" {
  name                = "${var.name}-gateway"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_key_vault" "this" {
  #checkov:skip=CKV2_AZURE_32:The gateway is one of Azure's own services, which reach the vault past its closed firewall.
  name                          = substr("${replace(var.name, "-", "")}gw", 0, 24)
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

# The gateway takes a certificate as a secret, key included: that is how Azure hands it over.
resource "azurerm_role_assignment" "this" {
  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.this.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_key_vault_certificate" "this" {
  name         = "gateway"
  key_vault_id = azurerm_key_vault.this.id
  tags         = var.labels

  certificate_policy {
    issuer_parameters {
      name = var.certificate_issuer
    }

    key_properties {
      key_type   = "RSA"
      key_size   = 3072
      exportable = true
      reuse_key  = false
    }

    lifetime_action {
      action {
        action_type = "AutoRenew"
      }
      trigger {
        days_before_expiry = 30
      }
    }

    secret_properties {
      content_type = "application/x-pkcs12"
    }

    x509_certificate_properties {
      subject            = "CN=${var.domain}"
      validity_in_months = 3
      key_usage          = ["digitalSignature", "keyEncipherment"]
      extended_key_usage = ["1.3.6.1.5.5.7.3.1"]

      subject_alternative_names {
        dns_names = [var.domain, "*.${var.domain}"]
      }
    }
  }
}

resource "azurerm_web_application_firewall_policy" "this" {
  #checkov:skip=CKV_AZURE_135:The rule against it is in Microsoft's own rule set, on as it comes; the check knows only OWASP's older one.
  name                = "${var.name}-gateway"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels

  policy_settings {
    enabled = true
    mode    = "Prevention"
  }

  managed_rules {
    managed_rule_set {
      type    = "Microsoft_DefaultRuleSet"
      version = "2.1"
    }
  }

  custom_rules {
    name      = "clients"
    priority  = 1
    rule_type = "MatchRule"
    action    = "Block"

    match_conditions {
      operator           = "IPMatch"
      negation_condition = true
      match_values       = values(var.client_cidrs)

      match_variables {
        variable_name = "RemoteAddr"
      }
    }
  }
}

resource "azurerm_application_gateway" "this" {
  name                = "${var.name}-gateway"
  resource_group_name = var.account
  location            = var.region
  zones               = ["1", "2", "3"]
  enable_http2        = true
  firewall_policy_id  = azurerm_web_application_firewall_policy.this.id
  tags                = var.labels

  sku {
    name = "WAF_v2"
    tier = "WAF_v2"
  }

  autoscale_configuration {
    min_capacity = 1
    max_capacity = 10
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.this.id]
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = var.subnet_ids[0]
  }

  frontend_ip_configuration {
    name                          = "private"
    subnet_id                     = var.subnet_ids[0]
    private_ip_address_allocation = "Static"
    private_ip_address            = local.address
  }

  frontend_port {
    name = "tls"
    port = 443
  }

  ssl_certificate {
    name                = "gateway"
    key_vault_secret_id = azurerm_key_vault_certificate.this.versionless_secret_id
  }

  ssl_policy {
    policy_type = "Predefined"
    policy_name = "AppGwSslPolicy20220101S"
  }

  dynamic "backend_address_pool" {
    for_each = local.backends
    content {
      name         = backend_address_pool.key
      fqdns        = backend_address_pool.value.fqdns
      ip_addresses = backend_address_pool.value.addresses
    }
  }

  dynamic "probe" {
    for_each = local.backends
    content {
      name                                      = probe.key
      protocol                                  = "Https"
      path                                      = probe.value.path
      interval                                  = 10
      timeout                                   = 5
      unhealthy_threshold                       = 3
      host                                      = length(probe.value.fqdns) == 0 ? var.domain : null
      pick_host_name_from_backend_http_settings = length(probe.value.fqdns) > 0
    }
  }

  dynamic "backend_http_settings" {
    for_each = local.backends
    content {
      name                                = backend_http_settings.key
      protocol                            = "Https"
      port                                = backend_http_settings.value.port
      cookie_based_affinity               = "Disabled"
      request_timeout                     = 60
      probe_name                          = backend_http_settings.key
      pick_host_name_from_backend_address = length(backend_http_settings.value.fqdns) > 0
    }
  }

  dynamic "http_listener" {
    for_each = local.backends
    content {
      name                           = http_listener.key
      frontend_ip_configuration_name = "private"
      frontend_port_name             = "tls"
      protocol                       = "Https"
      ssl_certificate_name           = "gateway"
      host_names                     = [http_listener.value.host]
    }
  }

  dynamic "request_routing_rule" {
    for_each = local.backends
    content {
      name                       = request_routing_rule.key
      rule_type                  = "Basic"
      priority                   = request_routing_rule.value.priority
      http_listener_name         = request_routing_rule.key
      backend_address_pool_name  = request_routing_rule.key
      backend_http_settings_name = request_routing_rule.key
    }
  }

  depends_on = [azurerm_role_assignment.this]
}

resource "azurerm_private_dns_zone" "this" {
  name                = var.domain
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "${var.name}-gateway"
  resource_group_name   = var.account
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}

resource "azurerm_private_dns_a_record" "this" {
  for_each = toset(["@", "*"])

  name                = each.key
  zone_name           = azurerm_private_dns_zone.this.name
  resource_group_name = var.account
  ttl                 = 300
  records             = [local.address]
  tags                = var.labels
}
