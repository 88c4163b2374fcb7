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
  description = "The subnets for servers outside of the cluster, from the module network."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Expected at least one subnet."
  }
}

variable "client_cidrs" {
  type        = map(string)
  description = "Purpose to the private addresses that may speak to the server, such as those of the gateway."
  nullable    = false

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for c in values(var.client_cidrs) : can(cidrhost(c, 0)) && can(regex("^(10|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.]", c))])
    error_message = "Expected at least one block of private addresses, and no other."
  }
}

variable "image" {
  type        = string
  description = "MLflow with its OIDC plugin and what enters the database by the cloud's own tokens, by digest, in our registry."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Expected registry, path and digest of an image, and no tag."
  }
}

variable "registry_id" {
  type        = string
  description = "The registry that the image is pulled from, from the module container_registry."
  nullable    = false

  validation {
    condition     = length(var.registry_id) > 0
    error_message = "Expected the id of a registry."
  }
}

variable "artifact_store_id" {
  type        = string
  description = "The store that the server reads and writes, from the module artifact_store."
  nullable    = false

  validation {
    condition     = length(var.artifact_store_id) > 0
    error_message = "Expected the id of a store."
  }
}

variable "artifact_key_id" {
  type        = string
  description = "The key of that store, from the module encryption_keys."
  nullable    = false

  validation {
    condition     = length(var.artifact_key_id) > 0
    error_message = "Expected the id of a key."
  }
}

variable "storage_uri" {
  type        = string
  description = "The address of that store, from the module artifact_store."
  nullable    = false

  validation {
    condition     = can(regex("^(s3|gs|https)://[a-z0-9.-]+(/[a-z0-9.-]+)?$", var.storage_uri))
    error_message = "Expected an address that begins with s3, gs or https."
  }
}

variable "database" {
  type        = object({ id = string, host = string, name = string, user = string })
  description = "The registry's database, from the module registry_database, and the user that the server enters as."
  nullable    = false

  validation {
    condition     = alltrue([for part in values(var.database) : length(part) > 0])
    error_message = "Expected id, host, name and user."
  }
}

variable "logs_id" {
  type        = string
  description = "The store of logs, from the module observability."
  nullable    = false

  validation {
    condition     = length(var.logs_id) > 0
    error_message = "Expected the id of a store of logs."
  }
}

variable "address" {
  type        = string
  description = "Where people and programs reach the server, which is the gateway's."
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.address))
    error_message = "Expected an address that begins with https, and no path."
  }
}

variable "sign_on" {
  type        = object({ issuer = string, client_id = string, groups = set(string), administrators = set(string) })
  description = "The company's provider of sign-on, whom it knows the server by, and its groups that enter or administer it."
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]*)?$", var.sign_on.issuer)) && !endswith(var.sign_on.issuer, "/.well-known/openid-configuration") && length(var.sign_on.client_id) > 0
    error_message = "Expected the issuer's own address of https, as its tokens have it, and a client."
  }

  validation {
    condition     = length(var.sign_on.groups) > 0 && length(var.sign_on.administrators) > 0 && alltrue([for g in setunion(var.sign_on.groups, var.sign_on.administrators) : can(regex("^[^,*]{1,200}$", g))])
    error_message = "Expected at least one group each, without commas and wildcards."
  }
}

variable "secret_ids" {
  type        = object({ sign_on = string, session = string })
  description = "Where the module secret_store keeps whom sign-on knows the server by, and what sessions are sealed with."
  nullable    = false

  validation {
    condition     = alltrue([for id in values(var.secret_ids) : length(id) > 0])
    error_message = "Expected the ids of two secrets."
  }
}

variable "processors" {
  type        = number
  description = "The processors of each copy of the server, with twice as many gigabytes of memory."
  default     = 1
  nullable    = false

  validation {
    condition     = contains([1, 2, 4], var.processors)
    error_message = "Expected 1, 2 or 4."
  }
}

variable "copies" {
  type        = number
  description = "How many copies of the server run."
  default     = 2
  nullable    = false

  validation {
    condition     = var.copies >= 1 && var.copies <= 10 && floor(var.copies) == var.copies
    error_message = "Expected a whole number of 1 to 10."
  }
}
