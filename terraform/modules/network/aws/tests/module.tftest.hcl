mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name           = "turnpike-dev"
  environment    = "dev"
  account        = "111122223333"
  region         = "eu-central-1"
  cidr           = "10.10.0.0/16"
  encryption_key = { id = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001", user = "" }
}

run "plans" {
  command = plan

  assert {
    condition     = length(aws_internet_gateway.egress) == 0 && aws_flow_log.this.traffic_type == "ALL"
    error_message = "no way in or out unless asked for"
  }
}

run "refuses_bad_cidr" {
  command = plan

  variables {
    cidr = "192.168.0.0/16"
  }

  expect_failures = [var.cidr]
}
