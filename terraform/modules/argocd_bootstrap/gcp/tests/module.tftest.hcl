mock_provider "google" {}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "example-dev"
  region         = "europe-west3"
  cluster_id     = "projects/example-dev/locations/europe-west3/clusters/turnpike-dev"
  cluster_issuer = "https://container.googleapis.com/v1/projects/example-dev/locations/europe-west3/clusters/turnpike-dev"
  targets        = { dev-gcp = { cluster_id = "projects/example-dev/locations/europe-west3/clusters/turnpike-dev", endpoint = "172.16.0.2", certificate_authority = "Y2E=" } }
  repository     = "https://git.example.org/example/models.git"
  secret_ids     = { repository = "projects/example-dev/secrets/turnpike-dev-argocd-repository", sign_on = "projects/example-dev/secrets/turnpike-dev-argocd-sign-on" }
  gate_keys      = ["0000000000000000"]
}

run "applies" {
  assert {
    condition     = google_project_iam_member.target["dev-gcp"].role == "roles/container.clusterViewer" && strcontains(one(google_project_iam_member.target["dev-gcp"].condition).expression, var.cluster_id)
    error_message = "Argo CD may find a target and no more; the target says what it may there"
  }

  assert {
    condition     = length([for text in split("\n---\n", output.manifests) : 1 if try(jsondecode(yamldecode(text).stringData.config).execProviderConfig.args[0] == "gcp", false)]) == 1
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
      dev-one = { cluster_id = "projects/example-dev/locations/europe-west3/clusters/turnpike-dev", endpoint = "172.16.0.2", certificate_authority = "Y2E=" }
      dev-two = { cluster_id = "projects/example-dev/locations/europe-west3/clusters/turnpike-dev", endpoint = "172.16.0.2", certificate_authority = "Y2E=" }
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
