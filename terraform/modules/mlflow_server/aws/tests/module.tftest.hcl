mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/mocked" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/turnpike-dev-mlflow/0123456789abcdef" }
  }
}

variables {
  name              = "turnpike-dev"
  environment       = "dev"
  account           = "111122223333"
  region            = "eu-central-1"
  network_id        = "vpc-0123456789abcdef0"
  subnet_ids        = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_cidrs      = { gateway = "10.10.160.0/22" }
  image             = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/turnpike/mlflow@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  registry_id       = "arn:aws:ecr:eu-central-1:111122223333:repository"
  artifact_store_id = "example-turnpike-dev-artifacts"
  artifact_key_id   = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001"
  storage_uri       = "s3://example-turnpike-dev-artifacts"
  database          = { id = "arn:aws:rds:eu-central-1:111122223333:db:turnpike-dev-registry", host = "turnpike-dev-registry.example.eu-central-1.rds.amazonaws.com", name = "mlflow", user = "mlflow" }
  logs_id           = "arn:aws:logs:eu-central-1:111122223333:log-group:/turnpike-dev/workloads"
  address           = "https://mlflow.dev.turnpike.example.org"
  sign_on           = { issuer = "https://sso.example.org", client_id = "mlflow", groups = ["oncology"], administrators = ["platform-owners"] }
  secret_ids        = { sign_on = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:turnpike-dev/mlflow-sign-on-AbCdEf", session = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:turnpike-dev/mlflow-session-AbCdEf" }
}

run "applies" {
  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip && !aws_ecs_service.this.enable_execute_command && aws_vpc_security_group_ingress_rule.client["gateway"].cidr_ipv4 == "10.10.160.0/22"
    error_message = "only the gateway reaches the server"
  }

  assert {
    condition     = alltrue([for c in jsondecode(aws_ecs_task_definition.this.container_definitions) : c.readonlyRootFilesystem && c.user == "65534" && c.image == var.image])
    error_message = "what runs is what the digest says, and can't change itself"
  }

  assert {
    condition     = alltrue([for c in jsondecode(aws_ecs_task_definition.this.container_definitions) : toset([for s in c.secrets : s.valueFrom]) == toset(values(var.secret_ids)) && !anytrue([for e in c.environment : strcontains(e.name, "SECRET")])])
    error_message = "secrets come from their store, and stand in no task"
  }

  assert {
    condition     = alltrue([for c in jsondecode(aws_ecs_task_definition.this.container_definitions) : one([for e in c.environment : e.value if e.name == "OIDC_REDIRECT_URI"]) == "https://mlflow.dev.turnpike.example.org/callback" && one([for e in c.environment : e.value if e.name == "DEFAULT_MLFLOW_PERMISSION"]) == "NO_PERMISSIONS"])
    error_message = "people come by sign-on, and may nothing that nobody gave them"
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
