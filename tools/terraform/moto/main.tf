# The AWS modules that moto can play, wired as an environment wires them.
terraform {
  required_version = "~> 1.11.4"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "endpoint" {
  type        = string
  description = "Where moto_server answers."
}

variable "change" {
  type        = bool
  description = "Whether to apply the second form of everything."
}

locals {
  common = {
    name        = "turnpike-dev"
    environment = "dev"
    account     = "123456789012" # moto's own
    region      = "eu-central-1"
    labels      = var.change ? { cost-centre = "ml" } : {}
  }
}

provider "aws" {
  region                      = local.common.region
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true

  endpoints {
    cloudtrail = var.endpoint
    ec2        = var.endpoint
    ecr        = var.endpoint
    iam        = var.endpoint
    kms        = var.endpoint
    logs       = var.endpoint
    s3         = var.endpoint
    sts        = var.endpoint
  }
}

module "encryption_keys" {
  source = "../modules/encryption_keys/aws"

  name          = local.common.name
  environment   = local.common.environment
  account       = local.common.account
  region        = local.common.region
  labels        = local.common.labels
  purposes      = var.change ? ["audit", "cluster", "logs", "registry", "storage"] : ["audit", "logs", "registry", "storage"]
  rotation_days = 365 # the one period that moto reads back
}

module "network" {
  source = "../modules/network/aws"

  name            = local.common.name
  environment     = local.common.environment
  account         = local.common.account
  region          = local.common.region
  labels          = local.common.labels
  cidr            = "10.10.0.0/16"
  internet_egress = var.change
  encryption_key  = module.encryption_keys.keys["logs"]
}

module "artifact_store" {
  source = "../modules/artifact_store/aws"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  store_name        = "example-turnpike-dev-artifacts"
  locked_days       = var.change ? 730 : 365
  retention_classes = { candidates = { prefix = "candidates/", archive_days = 30, expire_days = 400 } }
  network_id        = module.network.network_id
  subnet_ids        = module.network.data_subnet_ids
  encryption_key    = module.encryption_keys.keys["storage"]
}

module "container_registry" {
  source = "../modules/container_registry/aws"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  repositories   = var.change ? ["turnpike/delivery", "turnpike/mlserver"] : ["turnpike/mlserver"]
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["registry"]
}

module "signing_keys" {
  source = "../modules/signing_keys/aws"

  name        = local.common.name
  environment = local.common.environment
  account     = local.common.account
  region      = local.common.region
  labels      = local.common.labels
  generations = { gate = var.change ? 2 : 1, validator = 1 }
  signers     = {}
}

module "audit_trail" {
  source = "../modules/audit_trail/aws"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  store_name        = "example-turnpike-dev-audit"
  artifact_store_id = module.artifact_store.store_id
  locked_days       = var.change ? 1095 : 730
  encryption_key    = module.encryption_keys.keys["audit"]
}

module "identity" {
  source = "../modules/identity/aws"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  cluster_issuer    = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
  cluster_id        = "arn:aws:eks:eu-central-1:123456789012:cluster/turnpike-dev"
  artifact_store_id = module.artifact_store.store_id
  artifact_key_id   = module.encryption_keys.keys["storage"].id
  registry_id       = module.container_registry.registry_id
  builders          = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }
  workloads = merge(
    { oncology = { namespace = "dev-oncology", service_accounts = ["tumour-malignancy"], writes = false } },
    var.change ? { registry = { namespace = "registry", service_accounts = ["mlflow"], writes = true } } : {},
  )
}
