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

output "certificate_authority" {
  description = "The certificate of the authority that vouches for its control plane, in base64."
  value       = nonsensitive(azurerm_kubernetes_cluster.this.kube_config[0].cluster_ca_certificate) # no secret, unlike the rest beside it
}
