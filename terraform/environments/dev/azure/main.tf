# What dev has on Azure. The resource group stands for an account; it and all names are examples: an instance puts its
# own here.
#
# It is made by changes, as dev on AWS is: what stands above the line; then what stands below it, but for mlflow_server
# and the gateway's service; and these once a person has put the secrets' values into secret_store, for a container
# app starts nothing whose secrets have none.
locals {
  common = {
    name        = "turnpike-dev"
    environment = "dev"
    account     = "example-turnpike-dev"
    region      = "westeurope"
    labels      = { environment = "dev" }
  }
}

module "encryption_keys" {
  source = "../../../modules/encryption_keys/azure"

  name        = local.common.name
  environment = local.common.environment
  account     = local.common.account
  region      = local.common.region
  labels      = local.common.labels
  purposes    = ["audit", "cluster", "database", "logs", "registry", "secrets", "storage"]
}

module "network" {
  source = "../../../modules/network/azure"

  name            = local.common.name
  environment     = local.common.environment
  account         = local.common.account
  region          = local.common.region
  labels          = local.common.labels
  cidr            = "10.110.0.0/16"
  internet_egress = false
  encryption_key  = module.encryption_keys.keys["logs"]
}

module "artifact_store" {
  source = "../../../modules/artifact_store/azure"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  store_name     = "exampleturnpikedev"
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["storage"]
}

module "container_registry" {
  source = "../../../modules/container_registry/azure"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  repositories   = ["kserve/storage-initializer", "turnpike/delivery", "turnpike/mlflow", "turnpike/mlserver"]
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  encryption_key = module.encryption_keys.keys["registry"]
}

module "cluster" {
  source = "../../../modules/cluster/azure"

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
  client_cidrs       = { bastion = "10.110.64.0/24" }
  administrators     = ["aaaaaaaa-0000-4000-8000-000000000001"]
  cpu_pool           = { machine_type = "Standard_D4s_v5", minimum = 1, maximum = 4 }
  sandbox_pool       = { machine_type = "Standard_D2s_v5", minimum = 0, maximum = 2 }
  gpu_pools          = { nvidia-t4 = { machine_type = "Standard_NC4as_T4_v3", accelerator = "t4", count = 1, minimum = 0, maximum = 2 } }
}

module "identity" {
  source = "../../../modules/identity/azure"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  cluster_id        = module.cluster.cluster_id
  cluster_issuer    = module.cluster.issuer
  workloads         = { gate = { namespace = "turnpike", service_accounts = ["gate"], writes = false } }
  builders          = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }
  groups            = { viewer = ["aaaaaaaa-0000-4000-8000-000000000002"] }
  artifact_store_id = module.artifact_store.store_id
  artifact_key_id   = module.encryption_keys.keys["storage"].id
  registry_id       = module.container_registry.registry_id
}

module "signing_keys" {
  source = "../../../modules/signing_keys/azure"

  name        = local.common.name
  environment = local.common.environment
  account     = local.common.account
  region      = local.common.region
  labels      = local.common.labels
  generations = { gate = 1, observer = 1, planner = 1, registrar = 1, validator = 1 }
  signers     = {}
}

module "audit_trail" {
  source = "../../../modules/audit_trail/azure"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  store_name        = "exampleturnpikedevaudit"
  artifact_store_id = module.artifact_store.store_id
  encryption_key    = module.encryption_keys.keys["audit"]
}

# ------------------------------------------------------------------------------------------------------------

module "observability" {
  source = "../../../modules/observability/azure"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  cluster_id     = module.cluster.cluster_id
  cluster_issuer = module.cluster.issuer
  collector      = { namespace = "observability", service_account = "collector" }
  encryption_key = module.encryption_keys.keys["logs"]
}

module "registry_database" {
  source = "../../../modules/registry_database/azure"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  network_id     = module.network.network_id
  subnet_ids     = module.network.data_subnet_ids
  client_cidrs   = { network = "10.110.0.0/16" }
  clients        = { mlflow = module.mlflow_server.grantee }
  machine_type   = "GP_Standard_D2ds_v5"
  encryption_key = module.encryption_keys.keys["database"]
}

module "secret_store" {
  source = "../../../modules/secret_store/azure"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
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
  source = "../../../modules/mlflow_server/azure"

  name              = local.common.name
  environment       = local.common.environment
  account           = local.common.account
  region            = local.common.region
  labels            = local.common.labels
  network_id        = module.network.network_id
  subnet_ids        = module.network.service_subnet_ids
  client_cidrs      = { network = "10.110.0.0/16" }
  image             = "turnpikedevimages.azurecr.io/turnpike/mlflow@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  registry_id       = module.container_registry.registry_id
  artifact_store_id = module.artifact_store.store_id
  artifact_key_id   = module.encryption_keys.keys["storage"].id
  storage_uri       = module.artifact_store.storage_uri
  database          = { id = module.registry_database.database_id, host = module.registry_database.host, name = module.registry_database.database, user = "mlflow" }
  logs_id           = module.observability.logs_id
  address           = "https://mlflow.dev.turnpike.example.org"
  sign_on           = { issuer = "https://sso.example.org", client_id = "mlflow", groups = ["oncology"], administrators = ["platform-owners"] }
  secret_ids        = { sign_on = module.secret_store.secret_ids["mlflow-sign-on"], session = module.secret_store.secret_ids["mlflow-session"] }
}

module "gateway" {
  source = "../../../modules/gateway/azure"

  name               = local.common.name
  environment        = local.common.environment
  account            = local.common.account
  region             = local.common.region
  labels             = local.common.labels
  network_id         = module.network.network_id
  subnet_ids         = module.network.ingress_subnet_ids
  domain             = "dev.turnpike.example.org"
  certificate_issuer = "CompanyAuthority"
  client_cidrs       = { network = "10.110.0.0/16" }
  backend_cidrs      = { network = "10.110.0.0/16" }
  services           = { mlflow = module.mlflow_server.backend_id }
}

module "argocd_bootstrap" {
  source = "../../../modules/argocd_bootstrap/azure"

  name           = local.common.name
  environment    = local.common.environment
  account        = local.common.account
  region         = local.common.region
  labels         = local.common.labels
  cluster_id     = module.cluster.cluster_id
  cluster_issuer = module.cluster.issuer
  targets        = { dev-azure-eu = { cluster_id = module.cluster.cluster_id, endpoint = module.cluster.endpoint, certificate_authority = module.cluster.certificate_authority } }
  repository     = "https://git.example.org/example/models.git"
  secret_ids     = { repository = module.secret_store.secret_ids["argocd-repository"], sign_on = module.secret_store.secret_ids["argocd-sign-on"] }
  gate_keys      = ["0000000000000000"]
}

# What is applied by hand once: where Argo CD runs, and in each target.
output "argocd_manifests" {
  description = "What begins Argo CD's work; there is no secret in it."
  value       = { here = module.argocd_bootstrap.manifests, targets = module.argocd_bootstrap.target_manifests }
}
