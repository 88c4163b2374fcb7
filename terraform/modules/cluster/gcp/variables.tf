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
  description = "The subnets for nodes and pods, from the module network."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Expected at least one subnet."
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

variable "registry_id" {
  type        = string
  description = "The registry that nodes pull images from, from the module container_registry."
  nullable    = false

  validation {
    condition     = length(var.registry_id) > 0
    error_message = "Expected the id of a registry."
  }
}

variable "kubernetes_version" {
  type        = string
  description = "The version of Kubernetes, such as 1.34."
  nullable    = false

  validation {
    condition     = can(regex("^1[.][0-9]{2}$", var.kubernetes_version))
    error_message = "Expected a version such as 1.34."
  }
}

variable "control_plane_cidr" {
  type        = string
  description = "Addresses outside the network's own for the control plane, of size /28."
  nullable    = false

  validation {
    condition     = can(cidrhost(var.control_plane_cidr, 0)) && can(regex("/28$", var.control_plane_cidr))
    error_message = "Expected a block of addresses of size /28."
  }
}

variable "client_cidrs" {
  type        = map(string)
  description = "Purpose to the private addresses that may speak to the control plane."
  nullable    = false

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for c in values(var.client_cidrs) : can(cidrhost(c, 0)) && can(regex("^(10|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.]", c))])
    error_message = "Expected at least one block of private addresses, and no other."
  }
}

variable "administrators" {
  type        = set(string)
  description = "The principals or groups that administer the cluster, as the cloud names them."
  nullable    = false

  validation {
    condition     = length(var.administrators) > 0 && alltrue([for who in var.administrators : can(regex("^[^*]{3,200}$", who))])
    error_message = "Expected at least one, without wildcards."
  }
}

variable "cpu_pool" {
  type        = object({ machine_type = string, minimum = number, maximum = number })
  description = "The pool that everything runs on which needs no accelerator."
  nullable    = false

  validation {
    condition     = var.cpu_pool.minimum >= 1 && var.cpu_pool.maximum >= var.cpu_pool.minimum && var.cpu_pool.maximum <= 100
    error_message = "Expected a minimum of 1 or more, and a maximum of that or more, 100 at most."
  }
}

variable "sandbox_pool" {
  type        = object({ machine_type = string, minimum = number, maximum = number })
  description = "The pool for code that nobody has reviewed, such as a pull request's checks; nothing else runs there."
  nullable    = false

  validation {
    condition     = var.sandbox_pool.minimum >= 0 && var.sandbox_pool.maximum >= max(var.sandbox_pool.minimum, 1) && var.sandbox_pool.maximum <= 50
    error_message = "Expected a minimum of 0 or more, and a maximum of that or more, at least 1 and 50 at most."
  }
}

variable "gpu_pools" {
  type        = map(object({ machine_type = string, accelerator = string, count = number, minimum = number, maximum = number }))
  description = "Kind, as environment.yaml names it, to a pool of nodes with so many of a cloud's accelerators each."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for kind, p in var.gpu_pools : can(regex("^[a-z][a-z0-9-]{1,30}$", kind)) && !contains(["cpu", "sandbox"], kind) && p.count >= 1 && p.minimum >= 0 && p.maximum >= max(p.minimum, 1) && p.maximum <= 50])
    error_message = "Expected kinds other than cpu and sandbox, one accelerator a node or more, and a maximum of the minimum or more, 50 at most."
  }

  validation {
    condition     = length(distinct([for kind in keys(var.gpu_pools) : substr(sha256(kind), 0, 4)])) == length(var.gpu_pools)
    error_message = "Expected kinds whose short names differ."
  }
}
