locals {
  issuer = trimprefix(var.cluster_issuer, "https://")
}

resource "aws_cloudwatch_log_group" "workloads" {
  name              = "/${var.name}/workloads"
  retention_in_days = var.log_days
  kms_key_id        = var.encryption_key.id
  tags              = var.labels
}

resource "aws_cloudwatch_log_group" "metrics" {
  name              = "/${var.name}/metrics"
  retention_in_days = var.log_days
  kms_key_id        = var.encryption_key.id
  tags              = var.labels
}

resource "aws_prometheus_workspace" "this" {
  alias       = var.name
  kms_key_arn = var.encryption_key.id
  tags        = var.labels

  logging_configuration {
    log_group_arn = "${aws_cloudwatch_log_group.metrics.arn}:*"
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${var.account}:oidc-provider/${local.issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["system:serviceaccount:${var.collector.namespace}:${var.collector.service_account}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "collector" {
  statement {
    sid       = "WritesMetrics"
    actions   = ["aps:RemoteWrite"]
    resources = [aws_prometheus_workspace.this.arn]
  }

  statement {
    sid       = "WritesLogs"
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [aws_cloudwatch_log_group.workloads.arn, "${aws_cloudwatch_log_group.workloads.arn}:*"]
  }
}

resource "aws_iam_role" "collector" {
  name                 = "${var.name}-collector"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
  tags                 = var.labels
}

resource "aws_iam_role_policy" "collector" {
  name   = "write"
  role   = aws_iam_role.collector.id
  policy = data.aws_iam_policy_document.collector.json
}
