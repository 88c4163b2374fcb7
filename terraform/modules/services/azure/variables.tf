# Written from ../contract.yaml by `tools/terraform/check --write`.

variable "name" {
  type        = string
  description = "Prefix of every name, unique in the account, such as turnpike-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,20}[a-z0-9]$", var.name))
    error_message = "Expected 4 to 22 lower-case letters, digits and dashes, starting with a letter."
  }
}

variable "environment" {
  type        = string
  description = "The environment of the monorepo that this belongs to."
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "production"], var.environment)
    error_message = "Expected dev, staging or production."
  }
}

variable "account" {
  type        = string
  description = "The AWS account id, Google Cloud project id or Azure resource group that holds everything."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_().-]{1,90}$", var.account))
    error_message = "Expected the name of an Azure resource group."
  }
}

variable "region" {
  type        = string
  description = "The region, in the cloud's own spelling."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+[0-9]?$", var.region))
    error_message = "Expected an Azure region such as westeurope."
  }
}

variable "labels" {
  type        = map(string)
  description = "Labels or tags of everything that can bear them."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for k, v in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", k)) && can(regex("^[a-z0-9_-]{0,63}$", v))])
    error_message = "Expected lower-case letters, digits, dashes and underscores, which all clouds take."
  }
}

variable "foundation" {
  type        = object({ encryption_keys = map(object({ id = string, user = string })), network_id = string, cidr = string, data_subnet_ids = list(string), ingress_subnet_ids = list(string), artifact_store_id = string, registry_id = string, cluster = object({ cluster_id = string, issuer = string, endpoint = string, certificate_authority = string }) })
  description = "What it stands on, from the module foundation."
  nullable    = false

  validation {
    condition     = length(var.foundation.encryption_keys) > 0
    error_message = "Expected at least one key."
  }
}

variable "identity" {
  type        = object({ workloads = map(object({ namespace = string, service_accounts = set(string), writes = bool })), builders = map(object({ issuer = string, audience = string, subject = string })), groups = map(set(string)), directory = string })
  description = "What the module identity takes beside that."
  nullable    = false

  validation {
    condition     = length(var.identity.workloads) > 0
    error_message = "Expected at least one workload, the gate's."
  }
}

variable "database" {
  type        = object({ machine_type = string, storage_gb = number, backup_days = number })
  description = "The size of the registry's database, and to which moment of how many days it can be restored."
  nullable    = false

  validation {
    condition     = var.environment != "production" || var.database.backup_days >= 30
    error_message = "Expected 30 days at least in production."
  }
}

variable "database_clients" {
  type        = map(string)
  description = "Database user to the identity that enters as it, such as grantee of the module mlflow_server."
  nullable    = false

  validation {
    condition     = length(var.database_clients) > 0
    error_message = "Expected at least one user."
  }
}

variable "secret_readers" {
  type        = map(string)
  description = "Secret to the one identity that reads it, beside those of Argo CD."
  nullable    = false

  validation {
    condition     = length(setintersection(keys(var.secret_readers), ["argocd-repository", "argocd-sign-on"])) == 0
    error_message = "Expected no secret of Argo CD, which has its own reader."
  }
}

variable "gateway" {
  type        = object({ domain = string, certificate_issuer = string, cluster_backends = set(string), services = map(string) })
  description = "What the module gateway takes beside that."
  nullable    = false

  validation {
    condition     = length(var.gateway.domain) > 0
    error_message = "Expected a domain."
  }
}

variable "argocd" {
  type        = object({ cluster = string, repository = string, gate_keys = set(string) })
  description = "The cluster's name in environment.yaml, and what the module argocd_bootstrap takes beside that."
  nullable    = false

  validation {
    condition     = length(var.argocd.cluster) > 0
    error_message = "Expected the name of a cluster."
  }
}
