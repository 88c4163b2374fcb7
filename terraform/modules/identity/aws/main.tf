locals {
  cluster = trimprefix(var.cluster_issuer, "https://")
  store   = "arn:aws:s3:::${var.artifact_store_id}"
  issuers = toset([for b in values(var.builders) : b.issuer])
  roles = {
    viewer   = { actions = ["eks:DescribeCluster"], policy = "AmazonEKSViewPolicy" }
    operator = { actions = ["eks:DescribeCluster", "eks:DescribeNodegroup", "eks:ListNodegroups"], policy = "AmazonEKSEditPolicy" }
  }
  cluster_name = element(split("/", var.cluster_id), -1)
  people       = { for role, groups in var.groups : role => local.roles[role] if length(groups) > 0 }
  members = merge([
    for role, groups in var.groups : { for group in groups : "${role} ${group}" => { role = role, group = group } }
  ]...)
}

resource "aws_iam_openid_connect_provider" "cluster" {
  url            = var.cluster_issuer
  client_id_list = ["sts.amazonaws.com"]
  tags           = var.labels
}

resource "aws_iam_openid_connect_provider" "builders" {
  for_each = local.issuers

  url            = each.key
  client_id_list = distinct([for b in values(var.builders) : b.audience if b.issuer == each.key])
  tags           = var.labels
}

data "aws_iam_policy_document" "workload_trust" {
  for_each = var.workloads

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.cluster.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.cluster}:sub"
      values   = [for account in each.value.service_accounts : "system:serviceaccount:${each.value.namespace}:${account}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.cluster}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "workload" {
  for_each = var.workloads

  statement {
    sid       = "Reads"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${local.store}/*"]
  }

  statement {
    sid       = "Lists"
    actions   = ["s3:ListBucket"]
    resources = [local.store]
  }

  statement {
    sid       = "Decrypts"
    actions   = each.value.writes ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]
    resources = [var.artifact_key_id]
  }

  dynamic "statement" {
    for_each = each.value.writes ? [true] : []
    content {
      sid       = "Writes"
      actions   = ["s3:PutObject"]
      resources = ["${local.store}/*"]
    }
  }
}

resource "aws_iam_role" "workload" {
  for_each = var.workloads

  name                 = "${var.name}-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.workload_trust[each.key].json
  max_session_duration = 3600
  tags                 = var.labels
}

resource "aws_iam_role_policy" "workload" {
  for_each = var.workloads

  name   = "artifacts"
  role   = aws_iam_role.workload[each.key].id
  policy = data.aws_iam_policy_document.workload[each.key].json
}

data "aws_iam_policy_document" "builder_trust" {
  for_each = var.builders

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.builders[each.value.issuer].arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${trimprefix(each.value.issuer, "https://")}:sub"
      values   = [each.value.subject]
    }
    condition {
      test     = "StringEquals"
      variable = "${trimprefix(each.value.issuer, "https://")}:aud"
      values   = [each.value.audience]
    }
  }
}

data "aws_iam_policy_document" "builder" {
  #checkov:skip=CKV_AWS_356:A login to the registry has no resource; pushing below names the registry's own.
  statement {
    sid       = "LogsIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "Pushes"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
    ]
    resources = ["${var.registry_id}/*"]
  }
}

resource "aws_iam_role" "builder" {
  for_each = var.builders

  name                 = "${var.name}-builds-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.builder_trust[each.key].json
  max_session_duration = 3600
  tags                 = var.labels
}

resource "aws_iam_role_policy" "builder" {
  for_each = var.builders

  name   = "registry"
  role   = aws_iam_role.builder[each.key].id
  policy = data.aws_iam_policy_document.builder.json
}

data "aws_iam_policy_document" "people" {
  for_each = local.people

  statement {
    sid       = "FindsTheCluster"
    actions   = each.value.actions
    resources = [var.cluster_id, "arn:aws:eks:${var.region}:${var.account}:nodegroup/${local.cluster_name}/*"]
  }
}

resource "aws_ssoadmin_permission_set" "people" {
  for_each = local.people

  name             = "${var.name}-${each.key}"
  description      = "What a ${each.key} may do at the cluster of ${var.name}"
  instance_arn     = var.directory
  session_duration = "PT8H"
  tags             = var.labels
}

resource "aws_ssoadmin_permission_set_inline_policy" "people" {
  for_each = local.people

  instance_arn       = var.directory
  permission_set_arn = aws_ssoadmin_permission_set.people[each.key].arn
  inline_policy      = data.aws_iam_policy_document.people[each.key].json
}

resource "aws_ssoadmin_account_assignment" "people" {
  for_each = local.members

  instance_arn       = var.directory
  permission_set_arn = aws_ssoadmin_permission_set.people[each.value.role].arn
  principal_id       = each.value.group
  principal_type     = "GROUP"
  target_id          = var.account
  target_type        = "AWS_ACCOUNT"
}

# The role that IAM Identity Center makes of a permission set once a group has it; its name ends in letters of its own.
data "aws_iam_roles" "people" {
  for_each = local.people

  name_regex  = "^AWSReservedSSO_${aws_ssoadmin_permission_set.people[each.key].name}_[0-9a-f]+$"
  path_prefix = "/aws-reserved/sso.amazonaws.com/"

  depends_on = [aws_ssoadmin_account_assignment.people]
}

resource "aws_eks_access_entry" "people" {
  for_each = local.people

  cluster_name  = local.cluster_name
  principal_arn = one(data.aws_iam_roles.people[each.key].arns)
  tags          = var.labels
}

resource "aws_eks_access_policy_association" "people" {
  for_each = local.people

  cluster_name  = local.cluster_name
  principal_arn = aws_eks_access_entry.people[each.key].principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/${each.value.policy}"

  access_scope {
    type = "cluster"
  }
}
