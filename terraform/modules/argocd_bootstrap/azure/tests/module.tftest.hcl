mock_provider "azurerm" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "westeurope"
  cluster_id     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerService/managedClusters/turnpike-dev"
  cluster_issuer = "https://westeurope.oic.prod-aks.azure.com/tenant/id/"
  targets        = { dev-azure = { cluster_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerService/managedClusters/turnpike-dev", endpoint = "turnpike-dev.privatelink.westeurope.azmk8s.io", certificate_authority = "Y2E=" } }
  repository     = "https://git.example.org/example/models.git"
  secret_ids     = { repository = "https://turnpikedevsecrets.vault.azure.net/secrets/argocd-repository", sign_on = "https://turnpikedevsecrets.vault.azure.net/secrets/argocd-sign-on" }
  gate_keys      = ["0000000000000000"]
}

run "applies" {
  assert {
    condition     = azurerm_role_assignment.target["dev-azure"].role_definition_name == "Azure Kubernetes Service Cluster User Role" && azurerm_role_assignment.target["dev-azure"].scope == var.cluster_id
    error_message = "Argo CD may find a target and no more; the target says what it may there"
  }

  assert {
    condition     = length([for text in split("\n---\n", output.manifests) : 1 if try(jsondecode(yamldecode(text).stringData.config).execProviderConfig.env.AAD_LOGIN_METHOD == "workloadidentity", false)]) == 1
    error_message = "Argo CD enters a target as itself, with no token in the Secret"
  }

  assert {
    condition     = length([for text in split("\n---\n", output.manifests) : 1 if try(yamldecode(text).kind == "Application" && yamldecode(text).spec.source.repoURL == var.repository && yamldecode(text).spec.source.path == "platform/argocd", false)]) == 1
    error_message = "one application brings all others, from the monorepo"
  }

  assert {
    condition     = length([for text in split("\n---\n", output.manifests) : 1 if try(yamldecode(text).spec.data[0].secretKey == "oidc.turnpike.clientSecret" && yamldecode(text).spec.target.creationPolicy == "Merge", false)]) == 1
    error_message = "sign-on's secret comes from the cloud's own store"
  }
}

run "refuses_a_repository_with_a_password" {
  command = plan

  variables {
    repository = "https://somebody:password@git.example.org/example/models.git"
  }

  expect_failures = [var.repository]
}

run "refuses_one_cluster_by_two_names" {
  command = plan

  variables {
    targets = {
      dev-one = { cluster_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerService/managedClusters/turnpike-dev", endpoint = "turnpike-dev.privatelink.westeurope.azmk8s.io", certificate_authority = "Y2E=" }
      dev-two = { cluster_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.ContainerService/managedClusters/turnpike-dev", endpoint = "turnpike-dev.privatelink.westeurope.azmk8s.io", certificate_authority = "Y2E=" }
    }
  }

  expect_failures = [var.targets]
}

run "refuses_to_trust_every_commit" {
  command = plan

  variables {
    gate_keys = []
  }

  expect_failures = [var.gate_keys]
}
