mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name               = "turnpike-dev"
  environment        = "dev"
  account            = "111122223333"
  region             = "eu-central-1"
  network_id         = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
  encryption_key     = { id = "arn:aws:kms:eu-central-1:111122223333:key/8c5b2f2e-0000-4000-8000-000000000001", user = "" }
  administrators     = ["arn:aws:iam::111122223333:role/platform-owners"]
  cpu_pool           = { machine_type = "m7i.xlarge", minimum = 2, maximum = 10 }
  sandbox_pool       = { machine_type = "m7i.large", minimum = 0, maximum = 4 }
  gpu_pools          = { nvidia-t4 = { machine_type = "g4dn.xlarge", accelerator = "t4", count = 1, minimum = 0, maximum = 4 } }
  registry_id        = "arn:aws:ecr:eu-central-1:111122223333:repository"
  kubernetes_version = "1.34"
  control_plane_cidr = "172.16.0.0/28"
  client_cidrs       = { bastion = "10.10.64.0/24" }
}

run "plans" {
  command = plan

  assert {
    condition     = !aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].endpoint_private_access
    error_message = "the control plane is private"
  }

  assert {
    condition     = contains(aws_eks_cluster.this.encryption_config[0].resources, "secrets")
    error_message = "secrets are under our key"
  }

  assert {
    condition     = alltrue([for t in aws_launch_template.pool : t.metadata_options[0].http_tokens == "required" && t.metadata_options[0].http_put_response_hop_limit == 1])
    error_message = "pods never see the identity of their node"
  }

  assert {
    condition     = aws_eks_node_group.pool["nvidia-t4"].labels["turnpike.dev/accelerator"] == "nvidia-t4" && one(aws_eks_node_group.pool["nvidia-t4"].taint).key == "nvidia.com/gpu"
    error_message = "labels and taints are those that environment.yaml names"
  }
}

run "keeps_pods_apart" {
  command = plan

  assert {
    condition     = jsondecode(aws_eks_addon.first["vpc-cni"].configuration_values).enableNetworkPolicy == "true" && !aws_eks_cluster.this.bootstrap_self_managed_addons
    error_message = "network policies are enforced"
  }

  assert {
    condition     = aws_eks_node_group.pool["sandbox"].labels["turnpike.dev/sandbox"] == "true" && one(aws_eks_node_group.pool["sandbox"].taint).key == "turnpike.dev/sandbox" && length(aws_eks_node_group.pool["cpu"].taint) == 0
    error_message = "nothing but what is meant for it runs in the sandbox pool"
  }
}

run "refuses_public_clients" {
  command = plan

  variables {
    client_cidrs = { everybody = "0.0.0.0/0" }
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_a_pool_of_less_than_nothing" {
  command = plan

  variables {
    cpu_pool = { machine_type = "any", minimum = 3, maximum = 2 }
  }

  expect_failures = [var.cpu_pool]
}
