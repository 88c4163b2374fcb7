output "made" {
  description = "What the modules services and mlflow_server take of it."
  value = {
    encryption_keys    = module.encryption_keys.keys
    network_id         = module.network.network_id
    cidr               = var.network.cidr
    data_subnet_ids    = module.network.data_subnet_ids
    ingress_subnet_ids = module.network.ingress_subnet_ids
    service_subnet_ids = module.network.service_subnet_ids
    artifact_store_id  = module.artifact_store.store_id
    storage_uri        = module.artifact_store.storage_uri
    registry_id        = module.container_registry.registry_id
    cluster = {
      cluster_id            = module.cluster.cluster_id
      issuer                = module.cluster.issuer
      endpoint              = module.cluster.endpoint
      certificate_authority = module.cluster.certificate_authority
    }
  }
}
