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

variable "encryption_key" {
  type        = object({ id = string, user = string })
  description = "The key for this purpose from the module encryption_keys, and the identity that uses it."
  nullable    = false

  validation {
    condition     = length(var.encryption_key.id) > 0
    error_message = "Expected the id of a key."
  }
}

variable "network_id" {
  type        = string
  description = "The network, from the module network."
  nullable    = false

  validation {
    condition     = length(var.network_id) > 0
    error_message = "Expected the id of a network."
  }
}

variable "subnet_ids" {
  type        = list(string)
  description = "The data subnets, from the module network."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Expected at least one subnet."
  }
}

variable "client_cidrs" {
  type        = map(string)
  description = "Purpose to the private addresses that may speak to the database."
  nullable    = false

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for c in values(var.client_cidrs) : can(cidrhost(c, 0)) && can(regex("^(10|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.]", c))])
    error_message = "Expected at least one block of private addresses, and no other."
  }
}

variable "clients" {
  type        = map(string)
  description = "Database user to the identity that enters as it, such as a grantee of the module identity."
  nullable    = false

  validation {
    condition     = length(var.clients) > 0 && alltrue([for user, who in var.clients : can(regex("^[a-z][a-z0-9_-]{1,62}$", user)) && can(regex("^[^*]{3,200}$", who))])
    error_message = "Expected at least one user of lower-case letters, digits, dashes and underscores, each with one identity."
  }
}

variable "machine_type" {
  type        = string
  description = "The size of its machines, in the cloud's own spelling."
  nullable    = false

  validation {
    condition     = length(var.machine_type) > 0
    error_message = "Expected the name of a size."
  }
}

variable "storage_gb" {
  type        = number
  description = "How much it can store at first, in gigabytes."
  default     = 128
  nullable    = false

  validation {
    condition     = contains([32, 64, 128, 256, 512, 1024, 2048], var.storage_gb)
    error_message = "Expected 32, 64, 128, 256, 512, 1024 or 2048."
  }
}

variable "backup_days" {
  type        = number
  description = "To which moment of how many days it can be restored."
  default     = 30
  nullable    = false

  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35 && floor(var.backup_days) == var.backup_days
    error_message = "Expected a whole number of 7 to 35 days."
  }
}
