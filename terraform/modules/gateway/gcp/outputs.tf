output "address" {
  description = "The gateway's private address, or the name of its addresses."
  value       = google_compute_address.this.address
}

output "cluster_backend_id" {
  description = "What the cluster's ingress is to the gateway, for a controller that keeps its addresses up."
  value       = google_compute_region_backend_service.cluster.id
}

output "zone_id" {
  description = "The private zone of the domain."
  value       = google_dns_managed_zone.this.id
}
