# What dev has on Azure. The resource group stands for an account; it and all names are examples: an instance puts its
# own here.
#
# It is made by changes: what stands above the line; then what stands below it, but for mlflow_server and all that
# names it; and these once a person has put the secrets' values into the store of secrets, for a container app starts
# nothing whose secrets have none.
locals {
  common = {
    name        = "turnpike-dev"
    environment = "dev"
    account     = "example-turnpike-dev"
    region      = "westeurope"
    labels      = { environment = "dev" }
  }
}

module "foundation" {
  source = "../../../modules/foundation/azure"

  name        = local.common.name
  environment = local.common.environment
  account     = local.common.account
  region      = local.common.region
  labels      = local.common.labels
  network     = { cidr = "10.110.0.0/16", internet_egress = true }
  stores      = { artifacts = "exampleturnpikedev", artifact_days = 30, audit = "exampleturnpikedevaudit", audit_days = 365 }
  signers     = {}

  cluster = {
    kubernetes_version = "1.34"
    control_plane_cidr = "172.16.0.0/28"
    client_cidrs       = { bastion = "10.110.64.0/24" }
    administrators     = ["aaaaaaaa-0000-4000-8000-000000000001"]
    cpu_pool           = { machine_type = "Standard_D4s_v5", minimum = 1, maximum = 3 }
    sandbox_pool       = { machine_type = "Standard_D2s_v5", minimum = 0, maximum = 2 }
    gpu_pools          = { nvidia-t4 = { machine_type = "Standard_NC4as_T4_v3", accelerator = "t4", count = 1, minimum = 0, maximum = 1 } }
  }
}

# ------------------------------------------------------------------------------------------------------------

module "services" {
  source = "../../../modules/services/azure"

  name             = local.common.name
  environment      = local.common.environment
  account          = local.common.account
  region           = local.common.region
  labels           = local.common.labels
  foundation       = module.foundation.made
  database         = { machine_type = "GP_Standard_D2ds_v5", storage_gb = 32, backup_days = 7 }
  database_clients = { mlflow = module.mlflow_server.grantee }
  secret_readers   = { mlflow-session = module.mlflow_server.secrets_grantee, mlflow-sign-on = module.mlflow_server.secrets_grantee }

  identity = {
    workloads = { gate = { namespace = "turnpike", service_accounts = ["gate"], writes = false } }
    builders  = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }
    groups    = { viewer = ["aaaaaaaa-0000-4000-8000-000000000002", "aaaaaaaa-0000-4000-8000-000000000003"] } # on-call and risk-quorum
    directory = ""
  }

  gateway = {
    domain             = "dev.turnpike.example.org"
    certificate_issuer = "CompanyAuthority"
    cluster_backends   = []
    services           = { mlflow = module.mlflow_server.backend_id }
  }

  argocd = {
    cluster    = "dev-azure-eu"
    repository = "https://git.example.org/example/models.git"
    gate_keys  = ["0000000000000000"]
  }
}

module "mlflow_server" {
  source = "../../../modules/mlflow_server/azure"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  network_id        = module.foundation.made.network_id
  subnet_ids        = module.foundation.made.service_subnet_ids
  client_cidrs      = { network = module.foundation.made.cidr }
  image             = "turnpikedevimages.azurecr.io/turnpike/mlflow@sha256:0000000000000000000000000000000000000000000000000000000000000000"
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
