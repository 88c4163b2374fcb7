output "cluster_id" {
  description = "The cluster, as the cloud names it."
  value       = google_container_cluster.this.id
}

output "issuer" {
  description = "The address of its OIDC issuer, as the module identity takes it."
  value       = "https://container.googleapis.com/v1/${google_container_cluster.this.id}"
}

output "endpoint" {
  description = "The address of its control plane, inside the network."
  value       = google_container_cluster.this.private_cluster_config[0].private_endpoint
}

output "certificate_authority" {
  description = "The certificate of the authority that vouches for its control plane, in base64."
  value       = google_container_cluster.this.master_auth[0].cluster_ca_certificate
}
