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
  purposes    = ["audit", "cluster", "database", "logs", "registry", "secrets", "storage"]
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
  clients        = { mlflow = module.mlflow_server.grantee }
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

module "secret_store" {
  source = "../../../modules/secret_store/CLOUD"

  name           = local.name
  environment    = local.environment
  account        = var.account
  region         = var.region
  labels         = local.labels
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["secrets"]
  readers = {
    argocd-repository = module.argocd_bootstrap.secrets_grantee
    argocd-sign-on    = module.argocd_bootstrap.secrets_grantee
    mlflow-session    = module.mlflow_server.secrets_grantee
    mlflow-sign-on    = module.mlflow_server.secrets_grantee
  }
}

module "mlflow_server" {
  source = "../../../modules/mlflow_server/CLOUD"

  name              = local.name
  environment       = local.environment
  account           = var.account
  region            = var.region
  labels            = local.labels
  network_id        = module.network.network_id
  subnet_ids        = module.network.service_subnet_ids
  client_cidrs      = { network = var.cidr }
  image             = var.mlflow_image
  registry_id       = module.container_registry.registry_id
  artifact_store_id = module.artifact_store.store_id
  artifact_key_id   = module.encryption_keys.keys["storage"].id
  storage_uri       = module.artifact_store.storage_uri
  database          = { id = module.registry_database.database_id, host = module.registry_database.host, name = module.registry_database.database, user = "mlflow" }
  logs_id           = module.observability.logs_id
  address           = "https://mlflow.${var.domain}"
  sign_on           = var.sign_on
  secret_ids        = { sign_on = module.secret_store.secret_ids["mlflow-sign-on"], session = module.secret_store.secret_ids["mlflow-session"] }
}

module "gateway" {
  source = "../../../modules/gateway/CLOUD"

  name               = local.name
  environment        = local.environment
  account            = var.account
  region             = var.region
  labels             = local.labels
  network_id         = module.network.network_id
  subnet_ids         = module.network.ingress_subnet_ids
  domain             = var.domain
  certificate_issuer = var.certificate_issuer
  client_cidrs       = { network = var.cidr }
  backend_cidrs      = { network = var.cidr }
  cluster_backends   = var.cluster_backends
  services           = { mlflow = module.mlflow_server.backend_id }
}

module "argocd_bootstrap" {
  source = "../../../modules/argocd_bootstrap/CLOUD"

  name           = local.name
  environment    = local.environment
  account        = var.account
  region         = var.region
  labels         = local.labels
  cluster_id     = module.cluster.cluster_id
  cluster_issuer = module.cluster.issuer
  targets        = { dev-CLOUD = { cluster_id = module.cluster.cluster_id, endpoint = module.cluster.endpoint, certificate_authority = module.cluster.certificate_authority } }
  repository     = "https://git.example.org/example/models.git"
  secret_ids     = { repository = module.secret_store.secret_ids["argocd-repository"], sign_on = module.secret_store.secret_ids["argocd-sign-on"] }
  gate_keys      = ["0000000000000000"]
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

variable "mlflow_image" {
  type = string
}

variable "domain" {
  type = string
}

variable "certificate_issuer" {
  type = string
}

variable "cluster_backends" {
  type = set(string)
}

variable "sign_on" {
  type = object({ issuer = string, client_id = string, groups = set(string), administrators = set(string) })
}
