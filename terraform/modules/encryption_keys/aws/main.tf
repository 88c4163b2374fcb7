locals {
  services = {
    audit    = "cloudtrail.amazonaws.com"
    cluster  = "eks.amazonaws.com"
    database = "rds.amazonaws.com"
    logs     = "logs.${var.region}.amazonaws.com"
    registry = "ecr.amazonaws.com"
    secrets  = "secretsmanager.amazonaws.com"
    storage  = "s3.amazonaws.com"
  }
}

data "aws_iam_policy_document" "key" {
  for_each = var.purposes

  #checkov:skip=CKV_AWS_109:A key policy's resource is always the key itself, written as a star.
  #checkov:skip=CKV_AWS_111:A key policy's resource is always the key itself, written as a star.
  #checkov:skip=CKV_AWS_356:A key policy's resource is always the key itself, written as a star.
  statement {
    sid       = "AdministeredByItsAccount"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account}:root"]
    }
  }

  statement {
    sid       = "UsedByItsService"
    actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = [local.services[each.key]]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account]
    }
  }

  dynamic "statement" {
    for_each = each.key == "logs" ? [true] : []
    content {
      sid       = "UsedByLogGroups"
      actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      resources = ["*"]
      principals {
        type        = "Service"
        identifiers = [local.services.logs]
      }
      condition {
        test     = "ArnLike"
        variable = "kms:EncryptionContext:aws:logs:arn"
        values   = ["arn:aws:logs:${var.region}:${var.account}:log-group:*"]
      }
    }
  }
}

resource "aws_kms_key" "this" {
  for_each = var.purposes

  description             = "${var.name} ${each.key}"
  enable_key_rotation     = true
  rotation_period_in_days = var.rotation_days == 365 ? null : var.rotation_days # 365 is AWS' own
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key[each.key].json
  tags                    = merge(var.labels, { purpose = each.key })
}

resource "aws_kms_alias" "this" {
  for_each = var.purposes

  name          = "alias/${var.name}-${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}
