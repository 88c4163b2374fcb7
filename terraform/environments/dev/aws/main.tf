# What dev has on AWS. Accounts and names are examples: an instance puts its own here.
#
# Observability and the signers of keys come in a change of their own once this is applied: their policies
# name the cluster's issuer and roles, and a policy that nobody can read before the apply is refused.
locals {
  common = {
    name        = "turnpike-dev"
    environment = "dev"
    account     = "111122223333"
    region      = "eu-central-1"
    labels      = {}
  }
}

module "encryption_keys" {
  source = "../../../modules/encryption_keys/aws"

  name        = local.common.name
  environment = local.common.environment
  account     = local.common.account
  region      = local.common.region
  labels      = local.common.labels
  purposes    = ["audit", "cluster", "database", "logs", "registry", "storage"]
}

module "network" {
  source = "../../../modules/network/aws"

  name            = local.common.name
  environment     = local.common.environment
  account         = local.common.account
  region          = local.common.region
  labels          = local.common.labels
  cidr            = "10.10.0.0/16"
  internet_egress = false
  encryption_key  = module.encryption_keys.keys["logs"]
}

module "artifact_store" {
  source = "../../../modules/artifact_store/aws"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  store_name     = "example-turnpike-dev-artifacts"
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["storage"]
}

module "container_registry" {
  source = "../../../modules/container_registry/aws"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  repositories   = ["kserve/storage-initializer", "turnpike/delivery", "turnpike/mlserver"]
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["registry"]
}

module "cluster" {
  source = "../../../modules/cluster/aws"

  name               = local.common.name
  environment        = local.common.environment
  account            = local.common.account
  region             = local.common.region
  labels             = local.common.labels
  network_id         = module.network.network_id
  subnet_ids         = module.network.cluster_subnet_ids
  encryption_key     = module.encryption_keys.keys["cluster"]
  registry_id        = module.container_registry.registry_id
  kubernetes_version = "1.34"
  control_plane_cidr = "172.16.0.0/28"
  client_cidrs       = { bastion = "10.10.64.0/24" }
  administrators     = ["arn:aws:iam::111122223333:role/platform-owners"]
  cpu_pool           = { machine_type = "m7i.xlarge", minimum = 1, maximum = 4 }
  sandbox_pool       = { machine_type = "m7i.large", minimum = 0, maximum = 2 }
  gpu_pools          = { nvidia-t4 = { machine_type = "g4dn.xlarge", accelerator = "t4", count = 1, minimum = 0, maximum = 2 } }
}

module "identity" {
  source = "../../../modules/identity/aws"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  cluster_id        = module.cluster.cluster_id
  cluster_issuer    = module.cluster.issuer
  workloads         = { registry = { namespace = "registry", service_accounts = ["mlflow"], writes = true }, gate = { namespace = "turnpike", service_accounts = ["gate"], writes = false } }
  builders          = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }
  groups            = { viewer = ["aaaaaaaa-0000-4000-8000-000000000001"] }
  directory         = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
  artifact_store_id = module.artifact_store.store_id
  artifact_key_id   = module.encryption_keys.keys["storage"].id
  registry_id       = module.container_registry.registry_id
}

module "signing_keys" {
  source = "../../../modules/signing_keys/aws"

  name        = local.common.name
  environment = local.common.environment
  account     = local.common.account
  region      = local.common.region
  labels      = local.common.labels
  generations = { gate = 1, observer = 1, planner = 1, registrar = 1, validator = 1 }
  signers     = {}
}

module "audit_trail" {
  source = "../../../modules/audit_trail/aws"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  store_name        = "example-turnpike-dev-audit"
  artifact_store_id = module.artifact_store.store_id
  encryption_key    = module.encryption_keys.keys["audit"]
}

module "registry_database" {
  source = "../../../modules/registry_database/aws"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  client_cidrs   = { network = "10.10.0.0/16" }
  clients        = { mlflow = module.identity.workload_grantees["registry"] }
  machine_type   = "db.m7g.large"
  encryption_key = module.encryption_keys.keys["database"]
}
