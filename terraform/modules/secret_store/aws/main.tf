resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:Other systems make these values, such as the provider of sign-on, and AWS can't change them there.
  for_each = var.readers

  name                    = "${var.name}/${each.key}"
  description             = "The secret ${each.key} of ${var.name}"
  kms_key_id              = var.encryption_key.id
  recovery_window_in_days = 30
  tags                    = var.labels
}

data "aws_iam_policy_document" "reader" {
  for_each = var.readers

  statement {
    sid       = "Reads"
    actions   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.this[each.key].arn]
  }

  statement {
    sid       = "Decrypts"
    actions   = ["kms:Decrypt"]
    resources = [var.encryption_key.id]
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "reader" {
  for_each = var.readers

  name   = "${var.name}-secret-${each.key}"
  role   = element(split("/", each.value), -1)
  policy = data.aws_iam_policy_document.reader[each.key].json
}
