mock_provider "azurerm" {
  mock_data "azurerm_subnet" {
    defaults = { address_prefixes = ["10.10.160.0/22"] }
  }
}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "example-turnpike-dev"
  region      = "westeurope"

  foundation = {
    encryption_keys    = { for purpose in ["database", "logs", "secrets", "storage"] : purpose => { id = "https://example.vault.azure.net/keys/all/0123456789abcdef0123456789abcdef", user = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.ManagedIdentity/userAssignedIdentities/all" } }
    network_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.Network/virtualNetworks/turnpike-dev"
    cidr               = "10.10.0.0/16"
    data_subnet_ids    = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.Network/virtualNetworks/turnpike-dev/subnets/a", "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.Network/virtualNetworks/turnpike-dev/subnets/b"]
    ingress_subnet_ids = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.Network/virtualNetworks/turnpike-dev/subnets/a", "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.Network/virtualNetworks/turnpike-dev/subnets/b"]
    artifact_store_id  = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.Storage/storageAccounts/exampleturnpikedev"
    registry_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.ContainerRegistry/registries/turnpikedevimages"
    cluster            = { cluster_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example/providers/Microsoft.ContainerService/managedClusters/turnpike-dev", issuer = "https://issuer.example.com/id", endpoint = "https://10.10.64.1", certificate_authority = "Y2E=" }
  }

  database         = { machine_type = "GP_Standard_D2ds_v5", storage_gb = 32, backup_days = 7 }
  database_clients = { mlflow = "aaaaaaaa-0000-4000-8000-000000000009" }
  secret_readers   = { mlflow-sign-on = "aaaaaaaa-0000-4000-8000-000000000009" }
  gateway          = { domain = "dev.turnpike.example.org", certificate_issuer = "CompanyAuthority", cluster_backends = [], services = {} }
  identity = {
    workloads = { gate = { namespace = "turnpike", service_accounts = ["gate"], writes = false } }
    builders  = {}
    groups    = {}
    directory = ""
  }
  argocd = { cluster = "dev-azure-eu", repository = "https://git.example.org/example/models.git", gate_keys = ["0000000000000000"] }
}

run "plans" {
  command = plan

  assert {
    condition     = toset(keys(output.secret_ids)) == toset(["argocd-repository", "argocd-sign-on", "mlflow-sign-on"])
    error_message = "Argo CD's secrets beside those that were asked for"
  }
}

run "refuses_another_reader_of_argo_cds_secrets" {
  command = plan

  variables {
    secret_readers = { argocd-repository = "aaaaaaaa-0000-4000-8000-000000000009" }
  }

  expect_failures = [var.secret_readers]
}

run "refuses_fewer_backups_in_production" {
  command = plan

  variables {
    environment = "production"
  }

  expect_failures = [var.database]
}
