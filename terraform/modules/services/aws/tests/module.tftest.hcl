mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "111122223333"
  region      = "eu-central-1"

  foundation = {
    encryption_keys    = { for purpose in ["database", "logs", "secrets", "storage"] : purpose => { id = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001", user = "" } }
    network_id         = "vpc-0123456789abcdef0"
    cidr               = "10.10.0.0/16"
    data_subnet_ids    = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
    ingress_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
    artifact_store_id  = "exampleturnpikedev"
    registry_id        = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/turnpike-dev"
    cluster            = { cluster_id = "arn:aws:eks:eu-central-1:111122223333:cluster/turnpike-dev", issuer = "https://issuer.example.com/id", endpoint = "https://10.10.64.1", certificate_authority = "Y2E=" }
  }

  database         = { machine_type = "db.m7g.large", storage_gb = 32, backup_days = 7 }
  database_clients = { mlflow = "arn:aws:iam::111122223333:role/mlflow" }
  secret_readers   = { mlflow-sign-on = "arn:aws:iam::111122223333:role/mlflow" }
  gateway          = { domain = "dev.turnpike.example.org", certificate_issuer = "arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/8c5b2f2e-0000-4000-8000-000000000001", cluster_backends = [], services = {} }
  identity = {
    workloads = { gate = { namespace = "turnpike", service_accounts = ["gate"], writes = false } }
    builders  = {}
    groups    = {}
    directory = ""
  }
  argocd = { cluster = "dev-aws-eu", repository = "https://git.example.org/example/models.git", gate_keys = ["0000000000000000"] }
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
    secret_readers = { argocd-repository = "arn:aws:iam::111122223333:role/mlflow" }
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
