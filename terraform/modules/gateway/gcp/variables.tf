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
  description = "The subnets for load balancers, from the module network."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Expected at least one subnet."
  }
}

variable "domain" {
  type        = string
  description = "The domain below which everything has its name, such as dev.turnpike.example.org."
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]{2,63}$", var.domain))
    error_message = "Expected a domain of at least two parts, in lower case and without a dot at its end."
  }
}

variable "certificate_issuer" {
  type        = string
  description = "The company's private authority that certificates come from, as the cloud names it."
  nullable    = false

  validation {
    condition     = length(var.certificate_issuer) > 0
    error_message = "Expected the id of an authority."
  }

  validation {
    condition     = can(regex("^projects/[^/]+/locations/[^/]+/caPools/[^/]+$", var.certificate_issuer))
    error_message = "Expected the id of a pool of Google's Certificate Authority Service."
  }
}

variable "client_cidrs" {
  type        = map(string)
  description = "Purpose to the private addresses that may speak to the gateway."
  nullable    = false

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for c in values(var.client_cidrs) : can(cidrhost(c, 0)) && can(regex("^(10|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.]", c))])
    error_message = "Expected at least one block of private addresses, and no other."
  }
}

variable "backend_cidrs" {
  type        = map(string)
  description = "Purpose to the private addresses that the gateway may speak to."
  nullable    = false

  validation {
    condition     = length(var.backend_cidrs) > 0 && alltrue([for c in values(var.backend_cidrs) : can(cidrhost(c, 0)) && can(regex("^(10|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.]", c))])
    error_message = "Expected at least one block of private addresses, and no other."
  }
}

variable "cluster_backends" {
  type        = set(string)
  description = "Where the cluster answers by TLS at port 8443, sign-in before its own ingress; it has all names that no service has."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for at in var.cluster_backends : can(regex("^projects/[^/]+/zones/[^/]+/networkEndpointGroups/[^/]+$", at))])
    error_message = "Expected ids of groups of endpoints, as the cluster makes one in each zone."
  }
}

variable "health_path" {
  type        = string
  description = "The path by which what answers there says that it is well."
  default     = "/healthz"
  nullable    = false

  validation {
    condition     = can(regex("^/[A-Za-z0-9/_-]*$", var.health_path))
    error_message = "Expected a path that begins with a slash."
  }
}

variable "services" {
  type        = map(string)
  description = "Name below the domain to what serves it outside of the cluster, such as backend_id of the module mlflow_server."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, id in var.services : can(regex("^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", name)) && length(id) > 0])
    error_message = "Expected names of lower-case letters, digits and dashes, each with what serves it."
  }

  validation {
    condition     = length(distinct([for name in keys(var.services) : substr(sha256(name), 0, 3)])) == length(var.services)
    error_message = "Expected names whose order, taken from their digests, differs."
  }
}
