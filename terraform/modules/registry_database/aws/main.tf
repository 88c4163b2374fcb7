resource "aws_db_subnet_group" "this" {
  name       = "${var.name}-registry"
  subnet_ids = var.subnet_ids
  tags       = var.labels
}

resource "aws_security_group" "this" {
  name        = "${var.name}-registry-database"
  description = "Who may speak to the registry's database"
  vpc_id      = var.network_id
  tags        = merge(var.labels, { Name = "${var.name}-registry-database" })
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

resource "aws_db_parameter_group" "this" {
  name   = "${var.name}-registry"
  family = "postgres17"
  tags   = var.labels

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_connections"
    value = "1"
  }

  parameter {
    name  = "log_disconnections"
    value = "1"
  }

  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "-1"
  }
}

data "aws_iam_policy_document" "monitor_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account]
    }
  }
}

resource "aws_iam_role" "monitor" {
  name               = "${var.name}-registry-monitor"
  assume_role_policy = data.aws_iam_policy_document.monitor_trust.json
  tags               = var.labels
}

resource "aws_iam_role_policy_attachment" "monitor" {
  role       = aws_iam_role.monitor.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_293:Protected everywhere but in dev, where an environment must be able to end.
  identifier                            = "${var.name}-registry"
  engine                                = "postgres"
  engine_version                        = "17"
  instance_class                        = var.machine_type
  db_name                               = "mlflow"
  username                              = "administrator"
  manage_master_user_password           = true
  master_user_secret_kms_key_id         = var.encryption_key.id
  iam_database_authentication_enabled   = true
  allocated_storage                     = var.storage_gb
  max_allocated_storage                 = var.storage_gb * 4
  storage_type                          = "gp3"
  storage_encrypted                     = true
  kms_key_id                            = var.encryption_key.id
  multi_az                              = true
  publicly_accessible                   = false
  db_subnet_group_name                  = aws_db_subnet_group.this.name
  vpc_security_group_ids                = [aws_security_group.this.id]
  parameter_group_name                  = aws_db_parameter_group.this.name
  backup_retention_period               = var.backup_days
  copy_tags_to_snapshot                 = true
  delete_automated_backups              = false
  deletion_protection                   = true
  skip_final_snapshot                   = false
  final_snapshot_identifier             = "${var.name}-registry-final"
  auto_minor_version_upgrade            = true
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.encryption_key.id
  performance_insights_retention_period = 7
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitor.arn
  tags                                  = var.labels
}

data "aws_iam_policy_document" "client" {
  for_each = var.clients

  statement {
    sid       = "EntersAsItsUser"
    actions   = ["rds-db:connect"]
    resources = ["arn:aws:rds-db:${var.region}:${var.account}:dbuser:${aws_db_instance.this.resource_id}/${each.key}"]
  }
}

resource "aws_iam_role_policy" "client" {
  for_each = var.clients

  name   = "${var.name}-registry-${each.key}"
  role   = element(split("/", each.value), -1)
  policy = data.aws_iam_policy_document.client[each.key].json
}
