locals {
  roles = {
    viewer   = "Azure Kubernetes Service RBAC Reader"
    operator = "Azure Kubernetes Service RBAC Writer"
  }
  bindings = merge([
    for name, w in var.workloads : {
      for account in w.service_accounts : "${name} ${account}" => { workload = name, namespace = w.namespace, account = account }
    }
  ]...)
  members = merge([
    for role, groups in var.groups : { for group in groups : "${role} ${group}" => { role = local.roles[role], group = group } }
  ]...)
}

resource "azurerm_user_assigned_identity" "workload" {
  for_each = var.workloads

  name                = "${var.name}-${each.key}"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_federated_identity_credential" "workload" {
  for_each = local.bindings

  name                = each.value.account
  resource_group_name = var.account
  parent_id           = azurerm_user_assigned_identity.workload[each.value.workload].id
  issuer              = var.cluster_issuer
  subject             = "system:serviceaccount:${each.value.namespace}:${each.value.account}"
  audience            = ["api://AzureADTokenExchange"]
}

resource "azurerm_role_assignment" "workload" {
  for_each = var.workloads

  scope                = var.artifact_store_id
  role_definition_name = each.value.writes ? "Storage Blob Data Contributor" : "Storage Blob Data Reader"
  principal_id         = azurerm_user_assigned_identity.workload[each.key].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_user_assigned_identity" "builder" {
  for_each = var.builders

  name                = "${var.name}-builds-${each.key}"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_federated_identity_credential" "builder" {
  for_each = var.builders

  name                = each.key
  resource_group_name = var.account
  parent_id           = azurerm_user_assigned_identity.builder[each.key].id
  issuer              = each.value.issuer
  subject             = each.value.subject
  audience            = [each.value.audience]
}

resource "azurerm_role_assignment" "builder" {
  for_each = var.builders

  scope                = var.registry_id
  role_definition_name = "AcrPush"
  principal_id         = azurerm_user_assigned_identity.builder[each.key].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "people" {
  for_each = local.members

  scope                = var.cluster_id
  role_definition_name = each.value.role
  principal_id         = each.value.group
  principal_type       = "Group"
}

# The roles above say what a group may do inside; this one lets it ask for the address and a way in.
resource "azurerm_role_assignment" "entry" {
  for_each = local.members

  scope                = var.cluster_id
  role_definition_name = "Azure Kubernetes Service Cluster User Role"
  principal_id         = each.value.group
  principal_type       = "Group"
}
