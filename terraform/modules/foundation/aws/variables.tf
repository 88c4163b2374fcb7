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
    condition     = can(regex("^[0-9]{12}$", var.account))
    error_message = "Expected the 12 digits of an AWS account id."
  }
}

variable "region" {
  type        = string
  description = "The region, in the cloud's own spelling."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "Expected an AWS region such as eu-central-1."
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

variable "network" {
  type        = object({ cidr = string, internet_egress = bool })
  description = "The network's addresses, and whether nodes reach the Internet, as the module network takes them."
  nullable    = false

  validation {
    condition     = can(cidrhost(var.network.cidr, 0))
    error_message = "Expected a block of addresses."
  }
}

variable "stores" {
  type        = object({ artifacts = string, artifact_days = number, audit = string, audit_days = number })
  description = "The globally unique names of the two stores, and for how many days nobody can change or delete what is in them."
  nullable    = false

  validation {
    condition     = var.stores.artifacts != var.stores.audit
    error_message = "Expected two names that differ."
  }

  validation {
    condition     = var.stores.artifact_days >= 1 && (var.environment != "production" || var.stores.artifact_days >= 365)
    error_message = "Expected at least one day, and in production 365."
  }
}

variable "cluster" {
  type        = object({ kubernetes_version = string, control_plane_cidr = string, client_cidrs = map(string), administrators = set(string), cpu_pool = object({ machine_type = string, minimum = number, maximum = number }), sandbox_pool = object({ machine_type = string, minimum = number, maximum = number }), gpu_pools = map(object({ machine_type = string, accelerator = string, count = number, minimum = number, maximum = number })) })
  description = "What the module cluster takes beside that."
  nullable    = false

  validation {
    condition     = var.environment != "production" || var.cluster.cpu_pool.minimum >= 3
    error_message = "Expected three nodes at least in production, one a zone."
  }
}

variable "signers" {
  type        = map(string)
  description = "Role of a signing key to the one identity that may sign with it, such as a workload's of the module services."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for who in values(var.signers) : length(who) > 0])
    error_message = "Expected an identity for each."
  }
}
