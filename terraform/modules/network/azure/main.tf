locals {
  subnets = {
    cluster  = { cidr = cidrsubnet(var.cidr, 2, 0), policies = "Enabled", alone = "" }
    data     = { cidr = cidrsubnet(var.cidr, 6, 32), policies = "Enabled", alone = "" }
    ingress  = { cidr = cidrsubnet(var.cidr, 6, 40), policies = "Disabled", alone = "Microsoft.Network/applicationGateways" }
    services = { cidr = cidrsubnet(var.cidr, 6, 52), policies = "Enabled", alone = "Microsoft.App/environments" }
  }
}

resource "azurerm_virtual_network" "this" {
  name                = var.name
  resource_group_name = var.account
  location            = var.region
  address_space       = [var.cidr]
  tags                = var.labels
}

resource "azurerm_subnet" "this" {
  #checkov:skip=CKV2_AZURE_31:Each has the group, below; the scanner follows for_each of a root's module in part only.
  for_each = local.subnets

  name                                          = each.key
  resource_group_name                           = var.account
  virtual_network_name                          = azurerm_virtual_network.this.name
  address_prefixes                              = [each.value.cidr]
  default_outbound_access_enabled               = false
  private_endpoint_network_policies             = "Enabled"
  private_link_service_network_policies_enabled = each.value.policies == "Enabled"

  # What else takes a whole subnet.
  dynamic "delegation" {
    for_each = each.value.alone == "" ? [] : [each.value.alone]
    content {
      name = each.key

      service_delegation {
        name    = delegation.value
        actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
      }
    }
  }
}

# A database of Azure's own kind takes a whole subnet.
resource "azurerm_subnet" "database" {
  name                            = "database"
  resource_group_name             = var.account
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [cidrsubnet(var.cidr, 6, 48)]
  default_outbound_access_enabled = false

  delegation {
    name = "database"

    service_delegation {
      name    = "Microsoft.DBforPostgreSQL/flexibleServers"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

# So does a control plane of Azure's own kind.
resource "azurerm_subnet" "control_plane" {
  name                            = "control-plane"
  resource_group_name             = var.account
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [cidrsubnet(var.cidr, 6, 56)]
  default_outbound_access_enabled = false

  delegation {
    name = "control-plane"

    service_delegation {
      name    = "Microsoft.ContainerService/managedClusters"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_network_security_group" "this" {
  name                = var.name
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_network_security_rule" "inside" {
  name                        = "inside"
  resource_group_name         = var.account
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "*"
  source_port_range           = "*"
  source_address_prefix       = "VirtualNetwork"
  destination_port_range      = "*"
  destination_address_prefix  = "VirtualNetwork"
}

resource "azurerm_network_security_rule" "closed" {
  name                        = "closed"
  resource_group_name         = var.account
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = 4000
  direction                   = "Inbound"
  access                      = "Deny"
  protocol                    = "*"
  source_port_range           = "*"
  source_address_prefix       = "Internet"
  destination_port_range      = "*"
  destination_address_prefix  = "*"
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each = merge(
    { for name, subnet in azurerm_subnet.this : name => subnet.id },
    { control_plane = azurerm_subnet.control_plane.id, database = azurerm_subnet.database.id },
  )

  subnet_id                 = each.value
  network_security_group_id = azurerm_network_security_group.this.id
}

# The way out, where it is asked for.
resource "azurerm_public_ip" "egress" {
  count = var.internet_egress ? 1 : 0

  name                = "${var.name}-egress"
  resource_group_name = var.account
  location            = var.region
  allocation_method   = "Static"
  sku                 = "Standard"
  tags                = var.labels
}

resource "azurerm_nat_gateway" "egress" {
  count = var.internet_egress ? 1 : 0

  name                = "${var.name}-egress"
  resource_group_name = var.account
  location            = var.region
  sku_name            = "Standard"
  tags                = var.labels
}

resource "azurerm_nat_gateway_public_ip_association" "egress" {
  count = var.internet_egress ? 1 : 0

  nat_gateway_id       = azurerm_nat_gateway.egress[0].id
  public_ip_address_id = azurerm_public_ip.egress[0].id
}

resource "azurerm_subnet_nat_gateway_association" "egress" {
  for_each = toset(var.internet_egress ? ["cluster", "services"] : [])

  subnet_id      = azurerm_subnet.this[each.key].id
  nat_gateway_id = azurerm_nat_gateway.egress[0].id
}

resource "azurerm_storage_account" "flows" {
  #checkov:skip=CKV_AZURE_33:Nothing here uses queues; flow logs are blobs.
  #checkov:skip=CKV_AZURE_206:Flow logs stay in their zone-redundant region, for residency.
  #checkov:skip=CKV_AZURE_43:The name is 24 letters and digits of var.name at most, which this check can't work out.
  #checkov:skip=CKV2_AZURE_33:Network Watcher writes past the closed firewall; nobody reads from the network.
  name                            = substr("${replace(var.name, "-", "")}flows", 0, 24)
  resource_group_name             = var.account
  location                        = var.region
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  shared_access_key_enabled       = false
  local_user_enabled              = false
  public_network_access_enabled   = false
  allow_nested_items_to_be_public = false
  tags                            = var.labels

  blob_properties {
    delete_retention_policy {
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

# Azure makes the watcher of a region by itself, under these names.
resource "azurerm_network_watcher_flow_log" "this" {
  name                 = var.name
  network_watcher_name = "NetworkWatcher_${var.region}"
  resource_group_name  = "NetworkWatcherRG"
  target_resource_id   = azurerm_virtual_network.this.id
  storage_account_id   = azurerm_storage_account.flows.id
  enabled              = true
  version              = 2
  tags                 = var.labels

  retention_policy {
    enabled = true
    days    = var.flow_log_days
  }
}
