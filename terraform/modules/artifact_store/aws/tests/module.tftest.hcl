mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name              = "turnpike-dev"
  environment       = "dev"
  account           = "111122223333"
  region            = "eu-central-1"
  store_name        = "exampleturnpikedev"
  network_id        = "vpc-0123456789abcdef0"
  subnet_ids        = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
  retention_classes = { candidates = { prefix = "candidates/", archive_days = 30, expire_days = 400 } }
  encryption_key    = { id = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001", user = "" }
}

run "plans" {
  command = plan

  assert {
    condition     = aws_s3_bucket.this.object_lock_enabled && aws_s3_bucket_public_access_block.this.block_public_policy
    error_message = "private and locked"
  }
}

run "refuses_bad_locked_days" {
  command = plan

  variables {
    locked_days = 0
  }

  expect_failures = [var.locked_days]
}
