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

variable "cluster_issuer" {
  type        = string
  description = "The address of the cluster's OIDC issuer, from the module cluster."
  nullable    = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]*)?$", var.cluster_issuer))
    error_message = "Expected an address that begins with https."
  }
}

variable "cluster_id" {
  type        = string
  description = "The cluster that people's groups have their roles at, from the module cluster."
  nullable    = false

  validation {
    condition     = length(var.cluster_id) > 0
    error_message = "Expected the id of a cluster."
  }
}

variable "workloads" {
  type        = map(object({ namespace = string, service_accounts = set(string), writes = bool }))
  description = "Workload (a team, a bot) to the Kubernetes service accounts that it runs as, and whether it writes artifacts."
  nullable    = false

  validation {
    condition     = alltrue([for name, w in var.workloads : can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", name))])
    error_message = "Expected names of lower-case letters, digits and dashes."
  }

  validation {
    condition     = alltrue([for w in values(var.workloads) : can(regex("^[a-z0-9-]{1,63}$", w.namespace)) && length(w.service_accounts) > 0 && alltrue([for a in w.service_accounts : can(regex("^[a-z0-9.-]{1,63}$", a))])])
    error_message = "Expected one namespace and at least one service account each, without wildcards."
  }
}

variable "builders" {
  type        = map(object({ issuer = string, audience = string, subject = string }))
  description = "CI job to its system's OIDC issuer, and the one audience and subject (repository and branch) of its tokens."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.builders) : can(regex("^[a-z][a-z0-9-]{2,18}[a-z0-9]$", name))])
    error_message = "Expected names of 4 to 20 lower-case letters, digits and dashes."
  }

  validation {
    condition     = alltrue([for b in values(var.builders) : can(regex("^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]*)?$", b.issuer)) && length(b.audience) > 0])
    error_message = "Expected an issuer that begins with https, and an audience."
  }

  validation {
    condition     = alltrue([for b in values(var.builders) : can(regex("^[^*?']+$", b.subject))])
    error_message = "Expected one whole subject, without wildcards or quotes."
  }
}

variable "groups" {
  type        = map(set(string))
  description = "Role, viewer or operator, to the ids of the people's groups that have it at the cluster."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for role in keys(var.groups) : contains(["viewer", "operator"], role)])
    error_message = "Expected the roles viewer and operator."
  }
}

variable "directory" {
  type        = string
  description = "Where the groups are kept, such as the ARN of IAM Identity Center, the domain, or the tenant."
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.directory) <= 200
    error_message = "Expected at most 200 characters."
  }
}

variable "artifact_store_id" {
  type        = string
  description = "The store that workloads read, from the module artifact_store."
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

variable "registry_id" {
  type        = string
  description = "The registry that builders push to, from the module container_registry."
  nullable    = false

  validation {
    condition     = length(var.registry_id) > 0
    error_message = "Expected the id of a registry."
  }
}
