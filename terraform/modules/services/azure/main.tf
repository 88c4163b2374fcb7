module "identity" {
  source = "../../identity/azure"

  name              = var.name
  environment       = var.environment
  account           = var.account
  region            = var.region
  labels            = var.labels
  cluster_id        = var.foundation.cluster.cluster_id
  cluster_issuer    = var.foundation.cluster.issuer
  workloads         = var.identity.workloads
  builders          = var.identity.builders
  groups            = var.identity.groups
  directory         = var.identity.directory
  artifact_store_id = var.foundation.artifact_store_id
  artifact_key_id   = var.foundation.encryption_keys["storage"].id
  registry_id       = var.foundation.registry_id
}

module "observability" {
  source = "../../observability/azure"

  name           = var.name
  environment    = var.environment
  account        = var.account
  region         = var.region
  labels         = var.labels
  network_id     = var.foundation.network_id
  subnet_ids     = var.foundation.data_subnet_ids
  cluster_id     = var.foundation.cluster.cluster_id
  cluster_issuer = var.foundation.cluster.issuer
  collector      = { namespace = "observability", service_account = "collector" }
  encryption_key = var.foundation.encryption_keys["logs"]
}

module "registry_database" {
  source = "../../registry_database/azure"

  name           = var.name
  environment    = var.environment
  account        = var.account
  region         = var.region
  labels         = var.labels
  network_id     = var.foundation.network_id
  subnet_ids     = var.foundation.data_subnet_ids
  client_cidrs   = { network = var.foundation.cidr }
  clients        = var.database_clients
  machine_type   = var.database.machine_type
  storage_gb     = var.database.storage_gb
  backup_days    = var.database.backup_days
  encryption_key = var.foundation.encryption_keys["database"]
}

module "secret_store" {
  source = "../../secret_store/azure"

  name           = var.name
  environment    = var.environment
  account        = var.account
  region         = var.region
  labels         = var.labels
  network_id     = var.foundation.network_id
  subnet_ids     = var.foundation.data_subnet_ids
  encryption_key = var.foundation.encryption_keys["secrets"]
  readers = merge(var.secret_readers, {
    argocd-repository = module.argocd_bootstrap.secrets_grantee
    argocd-sign-on    = module.argocd_bootstrap.secrets_grantee
  })
}

module "gateway" {
  source = "../../gateway/azure"

  name               = var.name
  environment        = var.environment
  account            = var.account
  region             = var.region
  labels             = var.labels
  network_id         = var.foundation.network_id
  subnet_ids         = var.foundation.ingress_subnet_ids
  domain             = var.gateway.domain
  certificate_issuer = var.gateway.certificate_issuer
  client_cidrs       = { network = var.foundation.cidr }
  backend_cidrs      = { network = var.foundation.cidr }
  cluster_backends   = var.gateway.cluster_backends
  services           = var.gateway.services
}

module "argocd_bootstrap" {
  source = "../../argocd_bootstrap/azure"

  name           = var.name
  environment    = var.environment
  account        = var.account
  region         = var.region
  labels         = var.labels
  cluster_id     = var.foundation.cluster.cluster_id
  cluster_issuer = var.foundation.cluster.issuer
  targets = {
    (var.argocd.cluster) = {
      cluster_id            = var.foundation.cluster.cluster_id
      endpoint              = var.foundation.cluster.endpoint
      certificate_authority = var.foundation.cluster.certificate_authority
    }
  }
  repository = var.argocd.repository
  secret_ids = { repository = module.secret_store.secret_ids["argocd-repository"], sign_on = module.secret_store.secret_ids["argocd-sign-on"] }
  gate_keys  = var.argocd.gate_keys
}
