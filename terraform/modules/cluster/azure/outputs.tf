output "cluster_id" {
  description = "The cluster, as the cloud names it."
  value       = azurerm_kubernetes_cluster.this.id
}

output "issuer" {
  description = "The address of its OIDC issuer, as the module identity takes it."
  value       = azurerm_kubernetes_cluster.this.oidc_issuer_url
}

output "endpoint" {
  description = "The address of its control plane, inside the network."
  value       = azurerm_kubernetes_cluster.this.private_fqdn
}
