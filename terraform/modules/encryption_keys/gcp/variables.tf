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
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.account))
    error_message = "Expected the id of a Google Cloud project."
  }
}

variable "region" {
  type        = string
  description = "The region, in the cloud's own spelling."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "Expected a Google Cloud region such as europe-west3."
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

variable "purposes" {
  type        = set(string)
  description = "What the keys are for, one key each."
  nullable    = false

  validation {
    condition     = alltrue([for p in var.purposes : contains(["audit", "cluster", "database", "logs", "registry", "secrets", "storage"], p)])
    error_message = "Expected some of audit, cluster, database, logs, registry, secrets and storage."
  }
}

variable "rotation_days" {
  type        = number
  description = "After how many days each key gets new material."
  default     = 90
  nullable    = false

  validation {
    condition     = var.rotation_days >= 90 && var.rotation_days <= 365
    error_message = "Expected 90 to 365 days."
  }
}
