locals {
  log_group = split(":log-group:", var.logs_id)[1]
  store     = "arn:aws:s3:::${var.artifact_store_id}"
  settings = merge(local.sign_on, {
    DATABASE_CLOUD               = "aws"
    DATABASE_HOST                = var.database.host
    DATABASE_ID                  = var.database.id
    DATABASE_NAME                = var.database.name
    DATABASE_USER                = var.database.user
    MLFLOW_ARTIFACTS_DESTINATION = var.storage_uri
    MLFLOW_DISABLE_TELEMETRY     = "true"
    MLFLOW_HOST                  = "0.0.0.0"
    MLFLOW_PORT                  = "5000"
    MLFLOW_SERVER_ALLOWED_HOSTS  = trimprefix(var.address, "https://")
  })
  secrets = { OIDC_CLIENT_SECRET = var.secret_ids.sign_on, SECRET_KEY = var.secret_ids.session }
  roles   = { server = "server", start = "start" }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account]
    }
  }
}

# The server's own identity, and that by which Fargate starts it.
resource "aws_iam_role" "this" {
  for_each = local.roles

  name                 = "${var.name}-mlflow-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
  tags                 = var.labels
}

data "aws_iam_policy_document" "server" {
  statement {
    sid       = "ReadsAndWrites"
    actions   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
    resources = ["${local.store}/*"]
  }

  statement {
    sid       = "Lists"
    actions   = ["s3:ListBucket"]
    resources = [local.store]
  }

  statement {
    sid       = "UsesTheKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.artifact_key_id]
  }
}

data "aws_iam_policy_document" "start" {
  #checkov:skip=CKV_AWS_356:A login to the registry has no resource; pulling below names the registry's own.
  statement {
    sid       = "LogsIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid       = "Pulls"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = ["${var.registry_id}/*"]
  }

  statement {
    sid       = "WritesLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${var.logs_id}:*"]
  }
}

# Each names its document itself, so that it can be judged before the secrets that it names are there.
resource "aws_iam_role_policy" "server" {
  name   = "server"
  role   = aws_iam_role.this["server"].id
  policy = data.aws_iam_policy_document.server.json
}

resource "aws_iam_role_policy" "start" {
  name   = "start"
  role   = aws_iam_role.this["start"].id
  policy = data.aws_iam_policy_document.start.json
}

moved {
  from = aws_iam_role_policy.this["server"]
  to   = aws_iam_role_policy.server
}

moved {
  from = aws_iam_role_policy.this["start"]
  to   = aws_iam_role_policy.start
}

resource "aws_security_group" "this" {
  name        = "${var.name}-mlflow"
  description = "Who may speak to the registry's server, and to whom it speaks"
  vpc_id      = var.network_id
  tags        = merge(var.labels, { Name = "${var.name}-mlflow" })
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 5000
  to_port           = 5000
}

# By TLS to wherever the network's routes lead, which is not out of it unless asked for; and to the database.
resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { tls = { port = 443, cidr = "0.0.0.0/0" }, database = { port = 5432, cidr = "10.0.0.0/8" } }

  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:TLS ends at the gateway; MLflow speaks plainly inside the network, to the gateway alone.
  name        = "${var.name}-mlflow"
  vpc_id      = var.network_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = 5000
  tags        = var.labels

  health_check {
    path    = "/health"
    matcher = "200"
  }
}

resource "aws_ecs_cluster" "this" {
  name = "${var.name}-mlflow"
  tags = var.labels

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.name}-mlflow"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.processors * 1024
  memory                   = var.processors * 2048
  task_role_arn            = aws_iam_role.this["server"].arn
  execution_role_arn       = aws_iam_role.this["start"].arn
  tags                     = var.labels

  # The one place that the server may write to beside the store and the database.
  volume {
    name = "scratch"
  }

  container_definitions = jsonencode([{
    name                   = "mlflow"
    image                  = var.image
    command                = ["mlflow", "server", "--app-name", "oidc-auth"]
    essential              = true
    readonlyRootFilesystem = true
    user                   = "65534"
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    mountPoints            = [{ sourceVolume = "scratch", containerPath = "/tmp", readOnly = false }]
    portMappings           = [{ containerPort = 5000, hostPort = 5000, protocol = "tcp" }]
    environment            = [for name, value in local.settings : { name = name, value = value }]
    secrets                = [for name, id in local.secrets : { name = name, valueFrom = id }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { awslogs-group = local.log_group, awslogs-region = var.region, awslogs-stream-prefix = "mlflow" }
    }
  }])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
}

resource "aws_ecs_service" "this" {
  name                              = "mlflow"
  cluster                           = aws_ecs_cluster.this.id
  task_definition                   = aws_ecs_task_definition.this.arn
  launch_type                       = "FARGATE"
  platform_version                  = "LATEST"
  desired_count                     = var.copies
  enable_execute_command            = false
  health_check_grace_period_seconds = 120
  propagate_tags                    = "SERVICE"
  tags                              = var.labels

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = "mlflow"
    container_port   = 5000
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  depends_on = [aws_iam_role_policy.server, aws_iam_role_policy.start]
}
