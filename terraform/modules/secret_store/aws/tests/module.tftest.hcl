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
  readers        = { argocd-sign-on = "arn:aws:iam::111122223333:role/turnpike-dev-argocd-secrets" }
}

run "plans" {
  command = plan

  assert {
    condition     = alltrue([for secret in aws_secretsmanager_secret.this : secret.kms_key_id == var.encryption_key.id && secret.recovery_window_in_days == 30])
    error_message = "every secret is under our key, and comes back when deleted by mistake"
  }

  assert {
    condition     = aws_iam_role_policy.reader["argocd-sign-on"].role == "turnpike-dev-argocd-secrets"
    error_message = "one identity reads a secret"
  }

  assert {
    condition     = aws_secretsmanager_secret.this["argocd-sign-on"].name == "turnpike-dev/argocd-sign-on"
    error_message = "the place is named after the secret"
  }
}

run "refuses_secrets_that_anybody_reads" {
  command = plan

  variables {
    readers = { argocd-sign-on = "*" }
  }

  expect_failures = [var.readers]
}
