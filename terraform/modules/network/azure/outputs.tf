output "network_id" {
  description = "The network's id."
  value       = azurerm_virtual_network.this.id
}

output "cluster_subnet_ids" {
  description = "Subnets for nodes and pods."
  value       = [azurerm_subnet.this["cluster"].id, azurerm_subnet.control_plane.id]
}

output "data_subnet_ids" {
  description = "Subnets for databases and private endpoints."
  value       = [azurerm_subnet.this["data"].id, azurerm_subnet.database.id]
}

output "ingress_subnet_ids" {
  description = "Subnets for internal load balancers."
  value       = [azurerm_subnet.this["ingress"].id]
}

output "egress_cidrs" {
  description = "Where pods find the cloud's own services, for network policies."
  value       = [var.cidr]
}

output "service_subnet_ids" {
  description = "Subnets for servers that run outside of the cluster."
  value       = [azurerm_subnet.this["services"].id]
}
