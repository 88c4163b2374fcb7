module "encryption_keys" {
  source = "../../encryption_keys/aws"

  name        = var.name
  environment = var.environment
  account     = var.account
  region      = var.region
  labels      = var.labels
  purposes    = ["audit", "cluster", "database", "logs", "registry", "secrets", "storage"]
}

module "network" {
  source = "../../network/aws"

  name            = var.name
  environment     = var.environment
  account         = var.account
  region          = var.region
  labels          = var.labels
  cidr            = var.network.cidr
  internet_egress = var.network.internet_egress
  encryption_key  = module.encryption_keys.keys["logs"]
}

module "artifact_store" {
  source = "../../artifact_store/aws"

  name           = var.name
  environment    = var.environment
  account        = var.account
  region         = var.region
  labels         = var.labels
  store_name     = var.stores.artifacts
  locked_days    = var.stores.artifact_days
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["storage"]
}

module "container_registry" {
  source = "../../container_registry/aws"

  name           = var.name
  environment    = var.environment
  account        = var.account
  region         = var.region
  labels         = var.labels
  repositories   = ["kserve/storage-initializer", "turnpike/delivery", "turnpike/mlflow", "turnpike/mlserver"]
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["registry"]
}

module "cluster" {
  source = "../../cluster/aws"

  name               = var.name
  environment        = var.environment
  account            = var.account
  region             = var.region
  labels             = var.labels
  network_id         = module.network.network_id
  subnet_ids         = module.network.cluster_subnet_ids
  encryption_key     = module.encryption_keys.keys["cluster"]
  registry_id        = module.container_registry.registry_id
  kubernetes_version = var.cluster.kubernetes_version
  control_plane_cidr = var.cluster.control_plane_cidr
  client_cidrs       = var.cluster.client_cidrs
  administrators     = var.cluster.administrators
  cpu_pool           = var.cluster.cpu_pool
  sandbox_pool       = var.cluster.sandbox_pool
  gpu_pools          = var.cluster.gpu_pools
}

module "signing_keys" {
  source = "../../signing_keys/aws"

  name        = var.name
  environment = var.environment
  account     = var.account
  region      = var.region
  labels      = var.labels
  generations = { gate = 1, observer = 1, planner = 1, registrar = 1, validator = 1 }
  signers     = var.signers
}

module "audit_trail" {
  source = "../../audit_trail/aws"

  name              = var.name
  environment       = var.environment
  account           = var.account
  region            = var.region
  labels            = var.labels
  store_name        = var.stores.audit
  locked_days       = var.stores.audit_days
  artifact_store_id = module.artifact_store.store_id
  encryption_key    = module.encryption_keys.keys["audit"]
}
