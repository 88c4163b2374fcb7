locals {
  # A pool's nodes carry its labels, and keep out every pod that does not tolerate its taints.
  pools = merge(
    {
      cpu     = { size = var.cpu_pool, image = "AL2023_x86_64_STANDARD", labels = {}, taints = {} }
      sandbox = { size = var.sandbox_pool, image = "AL2023_x86_64_STANDARD", labels = { "turnpike.dev/sandbox" = "true" }, taints = { "turnpike.dev/sandbox" = "true" } }
    },
    {
      for kind, p in var.gpu_pools : kind => {
        size   = { machine_type = p.machine_type, minimum = p.minimum, maximum = p.maximum }
        image  = "AL2023_x86_64_NVIDIA"
        labels = { "turnpike.dev/accelerator" = kind }
        taints = { "nvidia.com/gpu" = kind }
      }
    },
  )
  # The network's interface first: without it nodes never get ready, and names need nodes to run on.
  addons = {
    vpc-cni    = jsonencode({ enableNetworkPolicy = "true" })
    kube-proxy = jsonencode({}) # said, so that its plan tells that nothing is set
  }
  node_policies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"]
}

data "aws_iam_policy_document" "trust" {
  for_each = { control_plane = "eks.amazonaws.com", nodes = "ec2.amazonaws.com" }

  statement {
    actions = each.key == "control_plane" ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "control_plane" {
  name               = "${var.name}-control-plane"
  assume_role_policy = data.aws_iam_policy_document.trust["control_plane"].json
  tags               = var.labels
}

resource "aws_iam_role_policy_attachment" "control_plane" {
  role       = aws_iam_role.control_plane.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_iam_role" "nodes" {
  name               = "${var.name}-nodes"
  assume_role_policy = data.aws_iam_policy_document.trust["nodes"].json
  tags               = var.labels
}

resource "aws_iam_role_policy_attachment" "nodes" {
  for_each = toset(local.node_policies)

  role       = aws_iam_role.nodes.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_security_group" "control_plane" {
  name        = "${var.name}-control-plane"
  description = "Who may speak to the control plane"
  vpc_id      = var.network_id
  tags        = merge(var.labels, { Name = "${var.name}-control-plane" })
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.control_plane.id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_eks_cluster" "this" {
  name                          = var.name
  role_arn                      = aws_iam_role.control_plane.arn
  version                       = var.kubernetes_version
  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  bootstrap_self_managed_addons = false
  tags                          = var.labels

  vpc_config {
    subnet_ids              = var.subnet_ids
    security_group_ids      = [aws_security_group.control_plane.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = var.encryption_key.id
    }
  }

  upgrade_policy {
    support_type = "STANDARD"
  }

  depends_on = [aws_iam_role_policy_attachment.control_plane]
}

resource "aws_eks_addon" "first" {
  for_each = local.addons

  cluster_name         = aws_eks_cluster.this.name
  addon_name           = each.key
  configuration_values = each.value
  tags                 = var.labels
}

resource "aws_eks_access_entry" "administrator" {
  for_each = var.administrators

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.key
  tags          = var.labels
}

resource "aws_eks_access_policy_association" "administrator" {
  for_each = var.administrators

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_eks_access_entry.administrator[each.key].principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}

resource "aws_launch_template" "pool" {
  for_each = local.pools

  name                   = "${var.name}-${each.key}"
  update_default_version = true
  tags                   = var.labels

  # Pods have identities of their own, and never see that of their node.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = 200
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }

  monitoring {
    enabled = true
  }
}

resource "aws_eks_node_group" "pool" {
  for_each = local.pools

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = var.subnet_ids
  instance_types  = [each.value.size.machine_type]
  ami_type        = each.value.image
  labels          = each.value.labels
  tags            = var.labels

  scaling_config {
    min_size     = each.value.size.minimum
    max_size     = each.value.size.maximum
    desired_size = each.value.size.minimum
  }

  launch_template {
    id      = aws_launch_template.pool[each.key].id
    version = aws_launch_template.pool[each.key].latest_version
  }

  update_config {
    max_unavailable = 1
  }

  dynamic "taint" {
    for_each = each.value.taints
    content {
      key    = taint.key
      value  = taint.value
      effect = "NO_SCHEDULE"
    }
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size] # the autoscaler moves it
  }

  depends_on = [aws_iam_role_policy_attachment.nodes, aws_eks_addon.first]
}

resource "aws_eks_addon" "names" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "coredns"
  tags         = var.labels

  depends_on = [aws_eks_node_group.pool]
}
