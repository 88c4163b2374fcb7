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
    acm            = var.endpoint
    cloudtrail     = var.endpoint
    ec2            = var.endpoint
    ecr            = var.endpoint
    ecs            = var.endpoint
    elbv2          = var.endpoint
    iam            = var.endpoint
    kms            = var.endpoint
    logs           = var.endpoint
    route53        = var.endpoint
    s3             = var.endpoint
    secretsmanager = var.endpoint
    sts            = var.endpoint
  }
}

module "encryption_keys" {
  source = "../modules/encryption_keys/aws"

  name          = local.common.name
  environment   = local.common.environment
  account       = local.common.account
  region        = local.common.region
  labels        = local.common.labels
  purposes      = var.change ? ["audit", "cluster", "logs", "registry", "secrets", "storage"] : ["audit", "logs", "registry", "secrets", "storage"]
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

module "secret_store" {
  source = "../modules/secret_store/aws"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["secrets"]
  readers = merge(
    {
      argocd-repository = module.argocd_bootstrap.secrets_grantee
      argocd-sign-on    = module.argocd_bootstrap.secrets_grantee
      mlflow-session    = module.mlflow_server.secrets_grantee
      mlflow-sign-on    = module.mlflow_server.secrets_grantee
    },
    var.change ? { mlflow-webhooks = module.mlflow_server.secrets_grantee } : {},
  )
}

module "mlflow_server" {
  source = "../modules/mlflow_server/aws"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  network_id        = module.network.network_id
  subnet_ids        = module.network.service_subnet_ids
  client_cidrs      = { network = "10.10.0.0/16" }
  image             = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/turnpike/mlflow@sha256:${var.change ? sha256("second") : sha256("first")}"
  registry_id       = module.container_registry.registry_id
  artifact_store_id = module.artifact_store.store_id
  artifact_key_id   = module.encryption_keys.keys["storage"].id
  storage_uri       = module.artifact_store.storage_uri
  database          = { id = "arn:aws:rds:eu-central-1:123456789012:db:turnpike-dev-registry", host = "turnpike-dev-registry.example.eu-central-1.rds.amazonaws.com", name = "mlflow", user = "mlflow" }
  logs_id           = "arn:aws:logs:eu-central-1:123456789012:log-group:/turnpike-dev/workloads"
  address           = "https://mlflow.dev.turnpike.example.org"
  sign_on           = { issuer = "https://sso.example.org", client_id = "mlflow", groups = ["oncology"], administrators = ["platform-owners"] }
  secret_ids        = { sign_on = module.secret_store.secret_ids["mlflow-sign-on"], session = module.secret_store.secret_ids["mlflow-session"] }
  copies            = var.change ? 3 : 2
}

module "gateway" {
  source = "../modules/gateway/aws"

  name               = local.common.name
  environment        = local.common.environment
  account            = local.common.account
  region             = local.common.region
  labels             = local.common.labels
  network_id         = module.network.network_id
  subnet_ids         = module.network.ingress_subnet_ids
  domain             = "dev.turnpike.example.org"
  certificate_issuer = "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/8c5b2f2e-0000-4000-8000-000000000001"
  client_cidrs       = var.change ? { network = "10.10.0.0/16", office = "10.200.0.0/16" } : { network = "10.10.0.0/16" }
  backend_cidrs      = { network = "10.10.0.0/16" }
  cluster_backends   = var.change ? ["10.10.0.10", "10.10.32.10"] : ["10.10.0.10"]
  services           = { mlflow = module.mlflow_server.backend_id }
}

# Its targets enter by access entries of EKS, which moto doesn't have: so it has none here.
module "argocd_bootstrap" {
  source = "../modules/argocd_bootstrap/aws"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  cluster_id     = "arn:aws:eks:eu-central-1:123456789012:cluster/turnpike-dev"
  cluster_issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
  targets        = {}
  repository     = "https://git.example.org/example/models.git"
  secret_ids     = { repository = module.secret_store.secret_ids["argocd-repository"], sign_on = module.secret_store.secret_ids["argocd-sign-on"] }
  gate_keys      = ["0000000000000000"]
}
