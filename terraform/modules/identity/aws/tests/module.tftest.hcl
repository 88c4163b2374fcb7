mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::111122223333:oidc-provider/example" }
  }
  mock_resource "aws_ssoadmin_permission_set" {
    defaults = { arn = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef" }
  }
}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "111122223333"
  region         = "eu-central-1"
  cluster_issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
  cluster_id     = "arn:aws:eks:eu-central-1:111122223333:cluster/turnpike-dev"
  workloads = {
    oncology = { namespace = "dev-oncology", service_accounts = ["tumour-malignancy", "tumour-stage"], writes = false }
    registry = { namespace = "registry", service_accounts = ["mlflow"], writes = true }
  }
  builders = { main = { issuer = "https://token.actions.example.com", audience = "turnpike", subject = "repo:example/models:ref:refs/heads/main" } }

  groups            = { viewer = ["aaaaaaaa-0000-4000-8000-000000000001"] }
  directory         = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
  artifact_store_id = "exampleturnpikedev"
  artifact_key_id   = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001"
  registry_id       = "arn:aws:ecr:eu-central-1:111122223333:repository"
}

run "plans" {
  command = plan

  assert {
    condition     = anytrue([for c in data.aws_iam_policy_document.workload_trust["oncology"].statement[0].condition : toset(c.values) == toset(["system:serviceaccount:dev-oncology:tumour-malignancy", "system:serviceaccount:dev-oncology:tumour-stage"])])
    error_message = "a role is its service accounts' and nobody else's"
  }

  assert {
    condition     = anytrue([for c in data.aws_iam_policy_document.builder_trust["main"].statement[0].condition : contains(c.values, "repo:example/models:ref:refs/heads/main")])
    error_message = "a CI job's role is one branch's"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.workload["oncology"].statement) == 3 && length(data.aws_iam_policy_document.workload["registry"].statement) == 4
    error_message = "only who writes may write"
  }

  assert {
    condition     = length(aws_ssoadmin_account_assignment.people) == 1 && endswith(aws_eks_access_policy_association.people["viewer"].policy_arn, "/AmazonEKSViewPolicy")
    error_message = "a group has its role, at this cluster"
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

run "refuses_groups_of_no_directory" {
  command = plan

  variables {
    directory = ""
  }

  expect_failures = [var.directory]
}
