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

variable "generations" {
  type        = map(number)
  description = "Role to how many keys it has had; the last one signs, the earlier ones still verify."
  nullable    = false

  validation {
    condition     = alltrue([for role, n in var.generations : contains(["registrar", "validator", "observer", "planner", "gate"], role) && n >= 1 && n <= 99 && floor(n) == n])
    error_message = "Expected registrar, validator, observer, planner or gate, each with a whole number of 1 to 99."
  }
}

variable "signers" {
  type        = map(string)
  description = "Role to the one identity that may sign with its keys."
  nullable    = false

  validation {
    condition     = alltrue([for role, who in var.signers : contains(keys(var.generations), role) && length(who) > 0])
    error_message = "Expected an identity for roles that have keys."
  }
}
