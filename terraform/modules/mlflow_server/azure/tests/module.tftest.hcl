mock_provider "azurerm" {
  mock_resource "azurerm_container_app_environment" {
    defaults = { default_domain = "example.westeurope.azurecontainerapps.io", static_ip_address = "10.10.208.4" }
  }
}

variables {
  name              = "turnpike-dev"
  environment       = "dev"
  account           = "example-dev"
  region            = "westeurope"
  network_id        = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids        = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/services"]
  client_cidrs      = { gateway = "10.10.160.0/22" }
  image             = "turnpikedev.azurecr.io/turnpike/mlflow@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  registry_id       = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerRegistry/registries/turnpikedev"
  artifact_store_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Storage/storageAccounts/turnpikedev"
  artifact_key_id   = "https://example.vault.azure.net/keys/storage"
  storage_uri       = "https://turnpikedev.blob.core.windows.net/artifacts"
  database          = { id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.DBforPostgreSQL/flexibleServers/turnpike-dev-registry", host = "turnpike-dev-registry.postgres.database.azure.com", name = "mlflow", user = "mlflow" }
  logs_id           = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.OperationalInsights/workspaces/turnpike-dev-logs"
  address           = "https://mlflow.dev.turnpike.example.org"
  sign_on           = { issuer = "https://sso.example.org", client_id = "mlflow", groups = ["oncology"], administrators = ["platform-owners"] }
  secret_ids        = { sign_on = "https://turnpikedevsecrets.vault.azure.net/secrets/mlflow-sign-on", session = "https://turnpikedevsecrets.vault.azure.net/secrets/mlflow-session" }
}

run "applies" {
  assert {
    condition     = azurerm_container_app_environment.this.internal_load_balancer_enabled && azurerm_container_app_environment.this.public_network_access == "Disabled" && one(azurerm_container_app.this.ingress[0].ip_security_restriction).ip_address_range == "10.10.160.0/22"
    error_message = "only the gateway reaches the server"
  }

  assert {
    condition     = azurerm_container_app.this.template[0].container[0].image == var.image && one(azurerm_container_app.this.registry).server == "turnpikedev.azurecr.io"
    error_message = "what runs is what the digest says"
  }

  assert {
    condition     = toset([for s in azurerm_container_app.this.secret : s.key_vault_secret_id]) == toset(values(var.secret_ids))
    error_message = "secrets come from their store"
  }

  assert {
    condition     = one([for e in azurerm_container_app.this.template[0].container[0].env : e.value if e.name == "MLFLOW_ARTIFACTS_DESTINATION"]) == "wasbs://artifacts@turnpikedev.blob.core.windows.net" && output.backend_id == "turnpike-dev-mlflow.example.westeurope.azurecontainerapps.io"
    error_message = "MLflow and the gateway each get the name that they understand"
  }
}

run "refuses_a_tag" {
  command = plan

  variables {
    image = "registry.example.org/turnpike/mlflow:latest"
  }

  expect_failures = [var.image]
}

run "refuses_a_registry_that_nobody_signs_in_to" {
  command = plan

  variables {
    sign_on = { issuer = "", client_id = "", groups = [], administrators = [] }
  }

  expect_failures = [var.sign_on]
}
