locals {
  issuer   = trimprefix(var.cluster_issuer, "https://")
  provider = "arn:aws:iam::${var.account}:oidc-provider/${local.issuer}"
  # Whom Argo CD is: who delivers reads no secret, and who reads secrets enters no cluster.
  identities = {
    delivers = ["argocd-application-controller", "argocd-server"]
    secrets  = ["argocd-secrets"]
  }
  group = "turnpike:argocd"
}

data "aws_iam_policy_document" "trust" {
  for_each = local.identities

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [local.provider]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = [for account in each.value : "system:serviceaccount:argocd:${account}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.identities

  name                 = "${var.name}-argocd-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600
  tags                 = var.labels
}

resource "aws_eks_access_entry" "target" {
  for_each = var.targets

  cluster_name      = element(split("/", each.value.cluster_id), -1)
  principal_arn     = aws_iam_role.this["delivers"].arn
  kubernetes_groups = [local.group]
  tags              = var.labels
}
