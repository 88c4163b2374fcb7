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
  repositories   = ["turnpike/mlserver", "turnpike/delivery"]
  network_id     = "vpc-0123456789abcdef0"
  subnet_ids     = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
  encryption_key = { id = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001", user = "" }
}

run "plans" {
  command = plan

  assert {
    condition     = alltrue([for r in aws_ecr_repository.this : r.image_tag_mutability == "IMMUTABLE"])
    error_message = "tags stay, images are scanned"
  }
}

run "refuses_bad_untagged_days" {
  command = plan

  variables {
    untagged_days = 1
  }

  expect_failures = [var.untagged_days]
}
