# Every entity's module, wired as an environment's root wires them; the test puts a cloud in place of CLOUD.
locals {
  name        = "turnpike-dev"
  environment = "dev"
  labels      = {}
}

module "encryption_keys" {
  source = "../../../modules/encryption_keys/CLOUD"

  name        = local.name
  environment = local.environment
  account     = var.account
  region      = var.region
  labels      = local.labels
  purposes    = ["audit", "cluster", "database", "logs", "registry", "storage"]
}

module "network" {
  source = "../../../modules/network/CLOUD"

  name            = local.name
  environment     = local.environment
  account         = var.account
  region          = var.region
  labels          = local.labels
  cidr            = var.cidr
  internet_egress = var.internet_egress
  encryption_key  = module.encryption_keys.keys["logs"]
}

module "artifact_store" {
  source = "../../../modules/artifact_store/CLOUD"

  name           = local.name
  environment    = local.environment
  account        = var.account
  region         = var.region
  labels         = local.labels
  store_name     = "${var.store_prefix}artifacts"
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["storage"]
}

module "container_registry" {
  source = "../../../modules/container_registry/CLOUD"

  name           = local.name
  environment    = local.environment
  account        = var.account
  region         = var.region
  labels         = local.labels
  repositories   = var.repositories
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["registry"]
}

module "cluster" {
  source = "../../../modules/cluster/CLOUD"

  name               = local.name
  environment        = local.environment
  account            = var.account
  region             = var.region
  labels             = local.labels
  network_id         = module.network.network_id
  subnet_ids         = module.network.cluster_subnet_ids
  encryption_key     = module.encryption_keys.keys["cluster"]
  registry_id        = module.container_registry.registry_id
  kubernetes_version = var.kubernetes_version
  control_plane_cidr = var.control_plane_cidr
  client_cidrs       = var.client_cidrs
  administrators     = var.administrators
  cpu_pool           = var.cpu_pool
  sandbox_pool       = var.sandbox_pool
  gpu_pools          = var.gpu_pools
}

module "identity" {
  source = "../../../modules/identity/CLOUD"

  name              = local.name
  environment       = local.environment
  account           = var.account
  region            = var.region
  labels            = local.labels
  cluster_id        = module.cluster.cluster_id
  cluster_issuer    = module.cluster.issuer
  workloads         = var.workloads
  builders          = var.builders
  groups            = var.groups
  directory         = var.directory
  artifact_store_id = module.artifact_store.store_id
  artifact_key_id   = module.encryption_keys.keys["storage"].id
  registry_id       = module.container_registry.registry_id
}

module "signing_keys" {
  source = "../../../modules/signing_keys/CLOUD"

  name        = local.name
  environment = local.environment
  account     = var.account
  region      = var.region
  labels      = local.labels
  generations = { gate = 1, observer = 1, registrar = 1, validator = 1 }
  signers     = { for role, workload in var.signers : role => module.identity.workload_grantees[workload] }
}

module "audit_trail" {
  source = "../../../modules/audit_trail/CLOUD"

  name              = local.name
  environment       = local.environment
  account           = var.account
  region            = var.region
  labels            = local.labels
  store_name        = "${var.store_prefix}audit"
  artifact_store_id = module.artifact_store.store_id
  encryption_key    = module.encryption_keys.keys["audit"]
}

module "registry_database" {
  source = "../../../modules/registry_database/CLOUD"

  name           = local.name
  environment    = local.environment
  account        = var.account
  region         = var.region
  labels         = local.labels
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  client_cidrs   = { network = var.cidr }
  clients        = { mlflow = module.identity.workload_grantees["registry"] }
  machine_type   = var.database_machine_type
  encryption_key = module.encryption_keys.keys["database"]
}

module "observability" {
  source = "../../../modules/observability/CLOUD"

  name           = local.name
  environment    = local.environment
  account        = var.account
  region         = var.region
  labels         = local.labels
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  cluster_id     = module.cluster.cluster_id
  cluster_issuer = module.cluster.issuer
  collector      = { namespace = "observability", service_account = "collector" }
  encryption_key = module.encryption_keys.keys["logs"]
}

variable "account" {
  type = string
}

variable "region" {
  type = string
}

variable "cidr" {
  type = string
}

variable "internet_egress" {
  type = bool
}

variable "store_prefix" {
  type = string
}

variable "repositories" {
  type = set(string)
}

variable "kubernetes_version" {
  type = string
}

variable "control_plane_cidr" {
  type = string
}

variable "client_cidrs" {
  type = map(string)
}

variable "administrators" {
  type = set(string)
}

variable "cpu_pool" {
  type = object({ machine_type = string, minimum = number, maximum = number })
}

variable "sandbox_pool" {
  type = object({ machine_type = string, minimum = number, maximum = number })
}

variable "gpu_pools" {
  type = map(object({ machine_type = string, accelerator = string, count = number, minimum = number, maximum = number }))
}

variable "workloads" {
  type = map(object({ namespace = string, service_accounts = set(string), writes = bool }))
}

variable "builders" {
  type = map(object({ issuer = string, audience = string, subject = string }))
}

variable "groups" {
  type = map(set(string))
}

variable "directory" {
  type = string
}

variable "signers" {
  type = map(string)
}

variable "database_machine_type" {
  type = string
}
