mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "111122223333"
  region         = "eu-central-1"
  network_id     = "vpc-0123456789abcdef0"
  subnet_ids     = ["subnet-0123456789abcdef0"]
  encryption_key = { id = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001", user = "" }
  cluster_id     = "arn:aws:eks:eu-central-1:111122223333:cluster/turnpike-dev"
  cluster_issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"
  collector      = { namespace = "observability", service_account = "collector" }
}

run "plans" {
  command = plan

  assert {
    condition     = aws_prometheus_workspace.this.kms_key_arn == var.encryption_key.id && aws_cloudwatch_log_group.workloads.kms_key_id == var.encryption_key.id
    error_message = "metrics and logs are under our key"
  }

  assert {
    condition     = anytrue([for c in data.aws_iam_policy_document.trust.statement[0].condition : toset(c.values) == toset(["system:serviceaccount:observability:collector"])])
    error_message = "the collector is one service account"
  }
}

run "refuses_a_wildcard_of_a_namespace" {
  command = plan

  variables {
    collector = { namespace = "*", service_account = "collector" }
  }

  expect_failures = [var.collector]
}

run "refuses_to_keep_logs_for_a_day" {
  command = plan

  variables {
    log_days = 1
  }

  expect_failures = [var.log_days]
}
