locals {
  keys = merge([
    for role, count in var.generations : { for n in range(1, count + 1) : "${role}-${n}" => { role = role, generation = n } }
  ]...)
}

data "aws_iam_policy_document" "this" {
  for_each = local.keys

  #checkov:skip=CKV_AWS_109:A key policy's resource is always the key itself, written as a star.
  #checkov:skip=CKV_AWS_111:A key policy's resource is always the key itself, written as a star.
  #checkov:skip=CKV_AWS_356:A key policy's resource is always the key itself, written as a star.
  statement {
    sid = "AdministeredButNotUsedByItsAccount"
    actions = [
      "kms:CancelKeyDeletion", "kms:Create*", "kms:Describe*", "kms:Disable*", "kms:Enable*", "kms:Get*", "kms:List*",
      "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:Update*", "kms:Delete*",
    ]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account}:root"]
    }
  }

  dynamic "statement" {
    # Only the last generation signs.
    for_each = each.value.generation == var.generations[each.value.role] ? compact([lookup(var.signers, each.value.role, "")]) : []
    content {
      sid       = "SignsWithIt"
      actions   = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"]
      resources = ["*"]
      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
    }
  }
}

resource "aws_kms_key" "this" {
  for_each = local.keys

  description              = "${var.name} ${each.key} signing"
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
  enable_key_rotation      = false # an asymmetric key is replaced by its next generation
  deletion_window_in_days  = 30
  policy                   = data.aws_iam_policy_document.this[each.key].json
  tags                     = merge(var.labels, { role = each.value.role, generation = tostring(each.value.generation) })
}

resource "aws_kms_alias" "this" {
  for_each = local.keys

  name          = "alias/${var.name}-signing-${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}
