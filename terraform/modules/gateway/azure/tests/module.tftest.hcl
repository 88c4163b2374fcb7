mock_provider "azurerm" {
  mock_data "azurerm_subnet" {
    defaults = { address_prefixes = ["10.10.160.0/22"] }
  }
}

variables {
  name               = "turnpike-dev"
  environment        = "dev"
  account            = "example-dev"
  region             = "westeurope"
  network_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n"
  subnet_ids         = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/example-dev/providers/Microsoft.Network/virtualNetworks/n/subnets/ingress"]
  domain             = "dev.turnpike.example.org"
  certificate_issuer = "CompanyAuthority"
  client_cidrs       = { network = "10.10.0.0/16" }
  backend_cidrs      = { network = "10.10.0.0/16" }
  cluster_backends   = ["10.10.0.10"]
  services           = { mlflow = "turnpike-dev-mlflow.example.westeurope.azurecontainerapps.io" }
}

run "applies" {
  assert {
    condition     = alltrue([for at in azurerm_application_gateway.this.frontend_ip_configuration : at.public_ip_address_id == null && at.private_ip_address == "10.10.160.10"]) && alltrue([for at in azurerm_application_gateway.this.http_listener : at.protocol == "Https"])
    error_message = "the one way in is private, and by TLS"
  }

  assert {
    condition     = one(azurerm_key_vault_certificate.this.certificate_policy[0].issuer_parameters).name == var.certificate_issuer && !azurerm_key_vault.this.public_network_access_enabled
    error_message = "certificates come from the company's own authority"
  }

  assert {
    condition     = azurerm_private_dns_a_record.this["*"].records == toset(["10.10.160.10"]) && azurerm_private_dns_zone_virtual_network_link.this.virtual_network_id == var.network_id
    error_message = "names are private"
  }

  assert {
    condition     = one([for rule in azurerm_application_gateway.this.request_routing_rule : rule.priority if rule.name == "mlflow"]) < one([for rule in azurerm_application_gateway.this.request_routing_rule : rule.priority if rule.name == "cluster-ingress"])
    error_message = "a service goes before the cluster's names"
  }

  assert {
    condition     = azurerm_web_application_firewall_policy.this.policy_settings[0].mode == "Prevention" && contains(azurerm_web_application_firewall_policy.this.custom_rules[0].match_conditions[0].match_values, "10.10.0.0/16")
    error_message = "only clients that are named get through"
  }
}

run "refuses_public_clients" {
  command = plan

  variables {
    client_cidrs = { everybody = "0.0.0.0/0" }
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_an_authority_that_nobody_runs" {
  command = plan

  variables {
    certificate_issuer = "Self"
  }

  expect_failures = [var.certificate_issuer]
}
