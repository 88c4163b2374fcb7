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

variable "cluster_id" {
  type        = string
  description = "The cluster that Argo CD runs on, from the module cluster."
  nullable    = false

  validation {
    condition     = length(var.cluster_id) > 0
    error_message = "Expected the id of a cluster."
  }
}

variable "cluster_issuer" {
  type        = string
  description = "The address of the cluster's OIDC issuer, from the module cluster."
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]*)?$", var.cluster_issuer))
    error_message = "Expected an address that begins with https."
  }
}

variable "targets" {
  type        = map(object({ cluster_id = string, endpoint = string, certificate_authority = string }))
  description = "Cluster, as environment.yaml names it, to what the module cluster says of it; Argo CD delivers there."
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.targets) : can(regex("^[a-z][a-z0-9-]{1,61}[a-z0-9]$", name))])
    error_message = "Expected names of lower-case letters, digits and dashes."
  }

  validation {
    condition     = length(distinct([for t in values(var.targets) : t.cluster_id])) == length(var.targets)
    error_message = "Expected each cluster once, for Argo CD takes two names of one address for one cluster."
  }
}

variable "repository" {
  type        = string
  description = "The address of the monorepo, as platform/argocd has it."
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._/-]+$", var.repository))
    error_message = "Expected an address that begins with https and holds no name or password."
  }
}

variable "secret_ids" {
  type        = object({ repository = string, sign_on = string })
  description = "Where the module secret_store keeps the monorepo's account that reads, and whom sign-on knows Argo CD by."
  nullable    = false

  validation {
    condition     = alltrue([for id in values(var.secret_ids) : length(id) > 0])
    error_message = "Expected the ids of two secrets."
  }
}

variable "gate_keys" {
  type        = set(string)
  description = "The ids of the gate's keys, as `turnpike delivery signers` names them; only what they signed is synced."
  nullable    = false

  validation {
    condition     = length(var.gate_keys) > 0 && alltrue([for key in var.gate_keys : can(regex("^[0-9A-F]{16}$", key))])
    error_message = "Expected at least one id of sixteen hexadecimal digits in capitals."
  }
}
