mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name              = "turnpike-dev"
  environment       = "dev"
  account           = "111122223333"
  region            = "eu-central-1"
  store_name        = "exampleturnpikedevaudit"
  artifact_store_id = "exampleturnpikedev"
  encryption_key    = { id = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001", user = "" }
}

run "plans" {
  command = plan

  assert {
    condition     = aws_cloudtrail.this.enable_log_file_validation && aws_cloudtrail.this.is_multi_region_trail && aws_s3_bucket.this.object_lock_enabled
    error_message = "a whole trail that can be checked, in a locked bucket"
  }

  assert {
    condition     = anytrue([for s in aws_cloudtrail.this.advanced_event_selector : anytrue([for f in s.field_selector : try(contains(f.starts_with, "arn:aws:s3:::exampleturnpikedev/"), false)])])
    error_message = "every access to artifacts is in it"
  }
}

run "locks_before_it_writes" {
  command = plan

  variables {
    locked_days = 3650
  }

  assert {
    condition     = aws_s3_bucket_object_lock_configuration.this.rule[0].default_retention[0].mode == "COMPLIANCE" && aws_s3_bucket_object_lock_configuration.this.rule[0].default_retention[0].days == 3650
    error_message = "nobody can shorten the lock, for as long as asked"
  }
}

run "refuses_bad_locked_days" {
  command = plan

  variables {
    locked_days = 30
  }

  expect_failures = [var.locked_days]
}

