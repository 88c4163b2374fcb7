output "address" {
  description = "The gateway's private address, or the name of its addresses."
  value       = aws_lb.this.dns_name
}

output "cluster_backend_id" {
  description = "What the cluster's ingress is to the gateway, for a controller that keeps its addresses up."
  value       = aws_lb_target_group.cluster.arn
}

output "zone_id" {
  description = "The private zone of the domain."
  value       = aws_route53_zone.this.zone_id
}
