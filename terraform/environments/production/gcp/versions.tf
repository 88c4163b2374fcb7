terraform {
  required_version = "~> 1.11.4"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "6.50.0"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = "6.50.0"
    }
  }
}

provider "google" {
  project = "example-turnpike-production"
  region  = "europe-west3"
}

provider "google-beta" {
  project = "example-turnpike-production"
  region  = "europe-west3"
}
