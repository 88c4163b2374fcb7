# The state: remote, locked, under a key of its own. The bucket is made once, by hand, before anything else.
terraform {
  backend "gcs" {
    bucket             = "example-turnpike-staging-state"
    prefix             = "staging/gcp"
    kms_encryption_key = "projects/example-turnpike-staging/locations/europe-west3/keyRings/state/cryptoKeys/state"
  }
}
