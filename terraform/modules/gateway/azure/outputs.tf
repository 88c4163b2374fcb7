output "address" {
  description = "The gateway's private address, or the name of its addresses."
  value       = local.address
}

output "cluster_backend_id" {
  description = "What the cluster's ingress is to the gateway, for a controller that keeps its addresses up."
  value       = azurerm_application_gateway.this.id
}

output "zone_id" {
  description = "The private zone of the domain."
  value       = azurerm_private_dns_zone.this.id
}
