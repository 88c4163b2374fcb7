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
  generations = { gate = 2, validator = 1 }
  signers     = { gate = "arn:aws:iam::111122223333:role/gate" }
}

run "plans" {
  command = plan

  assert {
    condition     = length(aws_kms_key.this) == 3
    error_message = "a key for each role and generation"
  }
}

run "refuses_bad_generations" {
  command = plan

  variables {
    generations = { intruder = 1 }
  }

  expect_failures = [var.generations]
}
