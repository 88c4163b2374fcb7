output "cluster_id" {
  description = "The cluster, as the cloud names it."
  value       = aws_eks_cluster.this.arn
}

output "issuer" {
  description = "The address of its OIDC issuer, as the module identity takes it."
  value       = aws_eks_cluster.this.identity[0].oidc[0].issuer
}

output "endpoint" {
  description = "The address of its control plane, inside the network."
  value       = aws_eks_cluster.this.endpoint
}

output "certificate_authority" {
  description = "The certificate of the authority that vouches for its control plane, in base64."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}
