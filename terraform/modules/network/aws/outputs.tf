output "network_id" {
  description = "The network's id."
  value       = aws_vpc.this.id
}

output "cluster_subnet_ids" {
  description = "Subnets for nodes and pods."
  value       = [for subnet in aws_subnet.cluster : subnet.id]
}

output "data_subnet_ids" {
  description = "Subnets for databases and private endpoints."
  value       = [for subnet in aws_subnet.data : subnet.id]
}

output "ingress_subnet_ids" {
  description = "Subnets for internal load balancers."
  value       = [for subnet in aws_subnet.ingress : subnet.id]
}

output "egress_cidrs" {
  description = "Where pods find the cloud's own services, for network policies."
  value       = [var.cidr]
}

output "service_subnet_ids" {
  description = "Subnets for servers that run outside of the cluster."
  value       = [for subnet in aws_subnet.data : subnet.id]
}
