# What dev has on AWS. Accounts and names are examples: an instance puts its own here.
#
# It is made by two changes. What stands below the line comes with the second, once the first is applied: some of its
# policies name the cluster's issuer, and a policy that nobody can read before the apply is refused. Signers of keys
# come with a third, for they are workloads. MLflow starts once a person has put the values of secrets where they lie.
locals {
  common = {
    name        = "turnpike-dev"
    environment = "dev"
    account     = "111122223333"
    region      = "eu-central-1"
    labels      = { environment = "dev" }
  }
}

module "foundation" {
  source = "../../../modules/foundation/aws"

  name        = local.common.name
  environment = local.common.environment
  account     = local.common.account
  region      = local.common.region
  labels      = local.common.labels
  network     = { cidr = "10.10.0.0/16", internet_egress = false }
  stores      = { artifacts = "example-turnpike-dev-artifacts", artifact_days = 30, audit = "example-turnpike-dev-audit", audit_days = 365 }
  signers     = {}

  cluster = {
    kubernetes_version = "1.34"
    control_plane_cidr = "172.16.0.0/28"
    client_cidrs       = { bastion = "10.10.64.0/24" }
    administrators     = ["arn:aws:iam::111122223333:role/platform-owners"]
    cpu_pool           = { machine_type = "m7i.xlarge", minimum = 1, maximum = 4 }
    sandbox_pool       = { machine_type = "m7i.large", minimum = 0, maximum = 2 }
    gpu_pools          = { nvidia-t4 = { machine_type = "g4dn.xlarge", accelerator = "t4", count = 1, minimum = 0, maximum = 2 } }
  }
}

# ------------------------------------------------------------------------------------------------------------

module "services" {
  source = "../../../modules/services/aws"

  name             = local.common.name
  environment      = local.common.environment
  account          = local.common.account
  region           = local.common.region
  labels           = local.common.labels
  foundation       = module.foundation.made
  database         = { machine_type = "db.m7g.large", storage_gb = 32, backup_days = 7 }
  database_clients = { mlflow = module.mlflow_server.grantee }
  secret_readers   = { mlflow-session = module.mlflow_server.secrets_grantee, mlflow-sign-on = module.mlflow_server.secrets_grantee }

  identity = {
    workloads = { gate = { namespace = "turnpike", service_accounts = ["gate"], writes = false } }
    builders  = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }
    groups    = { viewer = ["aaaaaaaa-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000003"] } # on-call and risk-quorum
    directory = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
  }

  gateway = {
    domain             = "dev.turnpike.example.org"
    certificate_issuer = "arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/8c5b2f2e-0000-4000-8000-000000000001"
    cluster_backends   = []
    services           = { mlflow = module.mlflow_server.backend_id }
  }

  argocd = {
    cluster    = "dev-aws-eu"
    repository = "https://git.example.org/example/models.git"
    gate_keys  = ["0000000000000000"]
  }
}

module "mlflow_server" {
  source = "../../../modules/mlflow_server/aws"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  network_id        = module.foundation.made.network_id
  subnet_ids        = module.foundation.made.service_subnet_ids
  client_cidrs      = { network = module.foundation.made.cidr }
  image             = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/turnpike/mlflow@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  registry_id       = module.foundation.made.registry_id
  artifact_store_id = module.foundation.made.artifact_store_id
  artifact_key_id   = module.foundation.made.encryption_keys["storage"].id
  storage_uri       = module.foundation.made.storage_uri
  database          = merge(module.services.database, { user = "mlflow" })
  logs_id           = module.services.logs_id
  address           = "https://mlflow.dev.turnpike.example.org"
  processors        = 1
  copies            = 1
  secret_ids        = { sign_on = module.services.secret_ids["mlflow-sign-on"], session = module.services.secret_ids["mlflow-session"] }

  sign_on = {
    issuer         = "https://sso.example.org"
    client_id      = "mlflow-dev"
    groups         = ["endocrinology", "manufacturing", "on-call", "oncology", "platform-owners", "release-managers", "risk-quorum"]
    administrators = ["platform-owners"]
  }
}

# What is applied by hand once: where Argo CD runs, and in its target.
output "argocd_manifests" {
  description = "What begins Argo CD's work; there is no secret in it."
  value       = module.services.argocd_manifests
}
