output "network_id" {
  description = "The network's id."
  value       = google_compute_network.this.id
}

output "cluster_subnet_ids" {
  description = "Subnets for nodes and pods."
  value       = [google_compute_subnetwork.cluster.id]
}

output "data_subnet_ids" {
  description = "Subnets for databases and private endpoints."
  value       = [google_compute_subnetwork.data.id]
}

output "ingress_subnet_ids" {
  description = "Subnets for internal load balancers."
  value       = [google_compute_subnetwork.ingress.id]
}

output "egress_cidrs" {
  description = "Where pods find the cloud's own services, for network policies."
  value       = ["199.36.153.8/30", "169.254.169.252/32", "169.254.169.254/32"]
}

output "service_subnet_ids" {
  description = "Subnets for servers that run outside of the cluster."
  value       = [google_compute_subnetwork.data.id]
}
