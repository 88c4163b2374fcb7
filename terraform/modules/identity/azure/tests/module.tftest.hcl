mock_provider "azurerm" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "westeurope"
  cluster_issuer = "https://westeurope.oic.prod-aks.azure.com/00000000/"
  cluster_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerService/managedClusters/turnpike-dev"
  workloads = {
    oncology = { namespace = "dev-oncology", service_accounts = ["tumour-malignancy", "tumour-stage"], writes = false }
    registry = { namespace = "registry", service_accounts = ["mlflow"], writes = true }
  }
  builders = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }

  groups            = { viewer = ["aaaaaaaa-0000-4000-8000-000000000001"] }
  artifact_store_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Storage/storageAccounts/exampleturnpikedev"
  artifact_key_id   = "https://example.vault.azure.net/keys/storage"
  registry_id       = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerRegistry/registries/exampleturnpikedev"
}

run "applies" {
  assert {
    condition     = azurerm_federated_identity_credential.workload["oncology tumour-malignancy"].subject == "system:serviceaccount:dev-oncology:tumour-malignancy"
    error_message = "an identity is one service account's"
  }

  assert {
    condition     = azurerm_federated_identity_credential.builder["main"].subject == "repo:example/models:ref:refs/heads/main"
    error_message = "a CI job's identity is one branch's"
  }

  assert {
    condition     = azurerm_role_assignment.workload["oncology"].role_definition_name == "Storage Blob Data Reader" && azurerm_role_assignment.workload["registry"].role_definition_name == "Storage Blob Data Contributor"
    error_message = "only who writes may write"
  }

  assert {
    condition     = azurerm_role_assignment.people["viewer aaaaaaaa-0000-4000-8000-000000000001"].role_definition_name == "Azure Kubernetes Service RBAC Reader" && azurerm_role_assignment.people["viewer aaaaaaaa-0000-4000-8000-000000000001"].scope == var.cluster_id
    error_message = "a group has its role, at this cluster"
  }

  assert {
    condition     = keys(azurerm_role_assignment.entry) == keys(azurerm_role_assignment.people)
    error_message = "who has a role at the cluster finds the way in"
  }
}

run "refuses_a_wildcard_of_a_namespace" {
  command = plan

  variables {
    workloads = { any = { namespace = "*", service_accounts = ["x"], writes = false } }
  }

  expect_failures = [var.workloads]
}

run "refuses_a_wildcard_of_a_branch" {
  command = plan

  variables {
    builders = { any = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:*" } }
  }

  expect_failures = [var.builders]
}

run "refuses_a_role_that_is_not_there" {
  command = plan

  variables {
    groups = { administrator = ["aaaaaaaa-0000-4000-8000-000000000001"] }
  }

  expect_failures = [var.groups]
}
