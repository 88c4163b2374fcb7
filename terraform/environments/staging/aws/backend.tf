# The state: remote, locked, under a key of its own. The bucket is made once, by hand, before anything else.
terraform {
  backend "s3" {
    bucket       = "example-turnpike-staging-state"
    key          = "staging/aws"
    region       = "eu-central-1"
    encrypt      = true
    kms_key_id   = "alias/turnpike-staging-state"
    use_lockfile = true
  }
}
