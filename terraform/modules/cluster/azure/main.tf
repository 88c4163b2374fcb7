data "azurerm_client_config" "current" {}

locals {
  # A pool's nodes carry its labels, and keep out every pod that does not tolerate its taints. Azure takes 12 letters
  # and digits as a pool's name, so a kind's is a part of its digest.
  pools = merge(
    {
      cpu     = { size = var.cpu_pool, labels = {}, taints = [] }
      sandbox = { size = var.sandbox_pool, labels = { "turnpike.dev/sandbox" = "true" }, taints = ["turnpike.dev/sandbox=true:NoSchedule"] }
    },
    {
      for kind, p in var.gpu_pools : "g${substr(sha256(kind), 0, 4)}" => {
        size   = { machine_type = p.machine_type, minimum = p.minimum, maximum = p.maximum }
        labels = { "turnpike.dev/accelerator" = kind }
        taints = ["sku=gpu:NoSchedule"]
      }
    },
  )
  key      = regex("^https://(?P<vault>[A-Za-z0-9-]+)[.][a-z.]+/keys/(?P<name>[A-Za-z0-9-]+)$", var.encryption_key.id)
  vault_id = "/subscriptions/${data.azurerm_client_config.current.subscription_id}/resourceGroups/${var.account}/providers/Microsoft.KeyVault/vaults/${local.key.vault}"
}

# The control plane takes one version of the key, and after a rotation the next apply moves it to the new one.
data "azurerm_key_vault_key" "secrets" {
  name         = local.key.name
  key_vault_id = local.vault_id
}

resource "azurerm_kubernetes_cluster" "this" {
  #checkov:skip=CKV_AZURE_6:A private control plane has no public address that ranges could limit.
  #checkov:skip=CKV_AZURE_4:Logs go to the module observability's workspace, which asks for them itself.
  #checkov:skip=CKV_AZURE_117:Disks are encrypted at the host, under the platform's key, before they reach storage.
  name                                = var.name
  resource_group_name                 = var.account
  location                            = var.region
  dns_prefix_private_cluster          = var.name
  kubernetes_version                  = var.kubernetes_version
  sku_tier                            = "Standard"
  private_cluster_enabled             = true
  private_cluster_public_fqdn_enabled = false
  private_dns_zone_id                 = azurerm_private_dns_zone.control_plane.id
  local_account_disabled              = true
  oidc_issuer_enabled                 = true
  workload_identity_enabled           = true
  azure_policy_enabled                = true
  image_cleaner_enabled               = true
  image_cleaner_interval_hours        = 48
  run_command_enabled                 = false
  automatic_upgrade_channel           = "patch"
  node_os_upgrade_channel             = "NodeImage"
  tags                                = var.labels

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
    tenant_id          = data.azurerm_client_config.current.tenant_id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control_plane.id]
  }

  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.nodes.client_id
    object_id                 = azurerm_user_assigned_identity.nodes.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.nodes.id
  }

  # The control plane stands in a subnet of its own: from there alone it reaches the closed vault.
  api_server_access_profile {
    virtual_network_integration_enabled = true
    subnet_id                           = var.subnet_ids[1]
  }

  key_management_service {
    key_vault_key_id         = data.azurerm_key_vault_key.secrets.id
    key_vault_network_access = "Private"
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = "cilium"
    network_data_plane  = "cilium"
    outbound_type       = "userAssignedNATGateway"
    pod_cidr            = "100.64.0.0/12"
    service_cidr        = "100.80.0.0/16"
    dns_service_ip      = "100.80.0.10"
  }

  default_node_pool {
    name                         = "system"
    vm_size                      = "Standard_D4ds_v5"
    vnet_subnet_id               = var.subnet_ids[0]
    only_critical_addons_enabled = true
    auto_scaling_enabled         = true
    min_count                    = 2
    max_count                    = 4
    max_pods                     = 60
    os_disk_type                 = "Ephemeral"
    host_encryption_enabled      = true
    zones                        = ["1", "2", "3"]
    temporary_name_for_rotation  = "systemnext"
    tags                         = var.labels
  }

  depends_on = [
    azurerm_role_assignment.key, azurerm_role_assignment.names, azurerm_role_assignment.network, azurerm_role_assignment.nodes,
    azurerm_role_assignment.operator, azurerm_role_assignment.vault,
  ]
}

resource "azurerm_user_assigned_identity" "control_plane" {
  name                = "${var.name}-control-plane"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_user_assigned_identity" "nodes" {
  name                = "${var.name}-nodes"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_private_dns_zone" "control_plane" {
  name                = "privatelink.${var.region}.azmk8s.io"
  resource_group_name = var.account
  tags                = var.labels
}

resource "azurerm_private_dns_zone_virtual_network_link" "control_plane" {
  name                  = "${var.name}-control-plane"
  resource_group_name   = var.account
  private_dns_zone_name = azurerm_private_dns_zone.control_plane.name
  virtual_network_id    = var.network_id
  tags                  = var.labels
}

resource "azurerm_role_assignment" "network" {
  for_each = { nodes = var.subnet_ids[0], control_plane = var.subnet_ids[1] }

  scope                = each.value
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.control_plane.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "names" {
  scope                = azurerm_private_dns_zone.control_plane.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.control_plane.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "key" {
  scope                = "${local.vault_id}/keys/${local.key.name}"
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control_plane.principal_id
  principal_type       = "ServicePrincipal"
}

# For the private endpoint of the vault that Azure makes for the control plane.
resource "azurerm_role_assignment" "vault" {
  scope                = local.vault_id
  role_definition_name = "Key Vault Contributor"
  principal_id         = azurerm_user_assigned_identity.control_plane.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "nodes" {
  scope                = var.registry_id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.nodes.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "operator" {
  scope                = azurerm_user_assigned_identity.nodes.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_user_assigned_identity.control_plane.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "administrator" {
  for_each = var.administrators

  scope                = azurerm_kubernetes_cluster.this.id
  role_definition_name = "Azure Kubernetes Service RBAC Cluster Admin"
  principal_id         = each.key
  principal_type       = "Group"
}

resource "azurerm_kubernetes_cluster_node_pool" "this" {
  for_each = local.pools

  name                    = each.key
  kubernetes_cluster_id   = azurerm_kubernetes_cluster.this.id
  mode                    = "User"
  vm_size                 = each.value.size.machine_type
  vnet_subnet_id          = var.subnet_ids[0]
  auto_scaling_enabled    = true
  min_count               = each.value.size.minimum
  max_count               = each.value.size.maximum
  max_pods                = 60
  os_disk_type            = "Ephemeral"
  host_encryption_enabled = true
  zones                   = ["1", "2", "3"]
  os_sku                  = "AzureLinux"
  node_labels             = each.value.labels
  node_taints             = each.value.taints
  tags                    = var.labels
}
