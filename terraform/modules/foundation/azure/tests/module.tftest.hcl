mock_provider "azurerm" {
  mock_data "azurerm_subnet" {
    defaults = { address_prefixes = ["10.10.160.0/22"] }
  }
}

variables {
  name        = "turnpike-dev"
  environment = "dev"
  account     = "example-turnpike-dev"
  region      = "westeurope"
  network     = { cidr = "10.10.0.0/16", internet_egress = true }
  stores      = { artifacts = "exampleturnpikedev", artifact_days = 30, audit = "exampleturnpikedevaudit", audit_days = 365 }

  cluster = {
    kubernetes_version = "1.34"
    control_plane_cidr = "172.16.0.0/28"
    client_cidrs       = { bastion = "10.10.64.0/24" }
    administrators     = ["aaaaaaaa-0000-4000-8000-000000000001"]
    cpu_pool           = { machine_type = "Standard_D4s_v5", minimum = 1, maximum = 4 }
    sandbox_pool       = { machine_type = "Standard_D2s_v5", minimum = 0, maximum = 2 }
    gpu_pools          = { nvidia-t4 = { machine_type = "Standard_NC4as_T4_v3", accelerator = "t4", count = 1, minimum = 0, maximum = 2 } }
  }
}

run "plans" {
  command = plan

  assert {
    condition     = output.made.cidr == "10.10.0.0/16" && length(output.made.encryption_keys) == 7
    error_message = "the addresses that were asked for, and a key for each purpose"
  }
}

run "refuses_a_signer_that_is_nobody" {
  command = plan

  variables {
    signers = { gate = "" }
  }

  expect_failures = [var.signers]
}

run "refuses_one_name_for_both_stores" {
  command = plan

  variables {
    stores = { artifacts = "exampleturnpikedev", artifact_days = 30, audit = "exampleturnpikedev", audit_days = 365 }
  }

  expect_failures = [var.stores]
}

run "refuses_less_in_production" {
  command = plan

  variables {
    environment = "production"
  }

  expect_failures = [var.stores, var.cluster]
}
