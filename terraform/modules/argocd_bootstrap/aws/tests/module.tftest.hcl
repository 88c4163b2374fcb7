mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }
}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "111122223333"
  region         = "eu-central-1"
  cluster_id     = "arn:aws:eks:eu-central-1:111122223333:cluster/turnpike-dev"
  cluster_issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
  targets        = { dev-aws = { cluster_id = "arn:aws:eks:eu-central-1:111122223333:cluster/turnpike-dev", endpoint = "https://EXAMPLE.gr7.eu-central-1.eks.amazonaws.com", certificate_authority = "Y2E=" } }
  repository     = "https://git.example.org/example/models.git"
  secret_ids     = { repository = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:turnpike-dev/argocd-repository-AbCdEf", sign_on = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:turnpike-dev/argocd-sign-on-AbCdEf" }
  gate_keys      = ["0000000000000000"]
}

run "applies" {
  assert {
    condition     = aws_eks_access_entry.target["dev-aws"].kubernetes_groups == toset(["turnpike:argocd"]) && aws_eks_access_entry.target["dev-aws"].cluster_name == "turnpike-dev"
    error_message = "Argo CD enters a target as itself, and the target says what it may"
  }

  assert {
    condition     = length([for text in split("\n---\n", output.manifests) : 1 if try(jsondecode(yamldecode(text).stringData.config).awsAuthConfig.clusterName == "turnpike-dev", false)]) == 1
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
      dev-one = { cluster_id = "arn:aws:eks:eu-central-1:111122223333:cluster/turnpike-dev", endpoint = "https://EXAMPLE.gr7.eu-central-1.eks.amazonaws.com", certificate_authority = "Y2E=" }
      dev-two = { cluster_id = "arn:aws:eks:eu-central-1:111122223333:cluster/turnpike-dev", endpoint = "https://EXAMPLE.gr7.eu-central-1.eks.amazonaws.com", certificate_authority = "Y2E=" }
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
