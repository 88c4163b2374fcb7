# The state: remote, locked, under a key of its own. The bucket is made once, by hand, before anything else.
terraform {
  backend "s3" {
    bucket       = "example-turnpike-production-state"
    key          = "production/aws"
    region       = "eu-central-1"
    encrypt      = true
    kms_key_id   = "alias/turnpike-production-state"
    use_lockfile = true
  }
}
