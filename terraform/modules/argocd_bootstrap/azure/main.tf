locals {
  # Whom Argo CD is: who delivers reads no secret, and who reads secrets enters no cluster.
  identities = {
    delivers = ["argocd-application-controller", "argocd-server"]
    secrets  = ["argocd-secrets"]
  }
  bindings = merge([
    for what, accounts in local.identities : { for account in accounts : account => what }
  ]...)
}

resource "azurerm_user_assigned_identity" "this" {
  for_each = local.identities

  name                = "${var.name}-argocd-${each.key}"
  resource_group_name = var.account
  location            = var.region
  tags                = var.labels
}

resource "azurerm_federated_identity_credential" "this" {
  for_each = local.bindings

  name                = each.key
  resource_group_name = var.account
  parent_id           = azurerm_user_assigned_identity.this[each.value].id
  issuer              = var.cluster_issuer
  subject             = "system:serviceaccount:argocd:${each.key}"
  audience            = ["api://AzureADTokenExchange"]
}

resource "azurerm_role_assignment" "target" {
  for_each = var.targets

  scope                = each.value.cluster_id
  role_definition_name = "Azure Kubernetes Service Cluster User Role"
  principal_id         = azurerm_user_assigned_identity.this["delivers"].principal_id
  principal_type       = "ServicePrincipal"
}
