data "aws_availability_zones" "this" {
  #checkov:skip=CKV_AWS_394:Zones are lettered in order and only the first three are taken, so a new one changes nothing.
  state = "available"
}

locals {
  zones     = slice(data.aws_availability_zones.this.names, 0, 3)
  places    = { for place, zone in local.zones : zone => place }
  endpoints = ["aps-workspaces", "autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "kms", "logs", "secretsmanager", "sts"]
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = merge(var.labels, { Name = var.name })
}

# Closed: what needs a way in or out brings a group of its own.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.labels, { Name = "${var.name}-closed" })
}

resource "aws_subnet" "cluster" {
  for_each = local.places

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 3, each.value)
  tags              = merge(var.labels, { Name = "${var.name}-cluster-${each.key}" })
}

resource "aws_subnet" "data" {
  for_each = local.places

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 6, 32 + each.value)
  tags              = merge(var.labels, { Name = "${var.name}-data-${each.key}" })
}

resource "aws_subnet" "ingress" {
  for_each = local.places

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 6, 40 + each.value)
  tags              = merge(var.labels, { Name = "${var.name}-ingress-${each.key}", "kubernetes.io/role/internal-elb" = "1" })
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  tags   = merge(var.labels, { Name = "${var.name}-private" })
}

resource "aws_route_table_association" "private" {
  for_each = merge(
    { for zone, subnet in aws_subnet.cluster : "cluster-${zone}" => subnet.id },
    { for zone, subnet in aws_subnet.data : "data-${zone}" => subnet.id },
    { for zone, subnet in aws_subnet.ingress : "ingress-${zone}" => subnet.id },
  )

  subnet_id      = each.value
  route_table_id = aws_route_table.private.id
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "AWS services, from inside the network"
  vpc_id      = aws_vpc.this.id
  tags        = merge(var.labels, { Name = "${var.name}-endpoints" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  security_group_id = aws_security_group.endpoints.id
  description       = "TLS from inside the network"
  cidr_ipv4         = var.cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_endpoint" "storage" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
  tags              = merge(var.labels, { Name = "${var.name}-s3" })
}

resource "aws_vpc_endpoint" "service" {
  for_each = toset(local.endpoints)

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for subnet in aws_subnet.data : subnet.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  tags                = merge(var.labels, { Name = "${var.name}-${each.key}" })
}

# The way out, where it is asked for: a subnet that holds nothing but the translator.
resource "aws_internet_gateway" "egress" {
  count = var.internet_egress ? 1 : 0

  vpc_id = aws_vpc.this.id
  tags   = merge(var.labels, { Name = "${var.name}-egress" })
}

resource "aws_subnet" "egress" {
  count = var.internet_egress ? 1 : 0

  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[0]
  cidr_block        = cidrsubnet(var.cidr, 6, 48)
  tags              = merge(var.labels, { Name = "${var.name}-egress" })
}

resource "aws_eip" "egress" {
  #checkov:skip=CKV2_AWS_19:The address belongs to the NAT gateway below, which is no instance.
  count = var.internet_egress ? 1 : 0

  domain = "vpc"
  tags   = merge(var.labels, { Name = "${var.name}-egress" })
}

resource "aws_nat_gateway" "egress" {
  count = var.internet_egress ? 1 : 0

  allocation_id = aws_eip.egress[0].id
  subnet_id     = aws_subnet.egress[0].id
  tags          = merge(var.labels, { Name = "${var.name}-egress" })
}

resource "aws_route_table" "egress" {
  count = var.internet_egress ? 1 : 0

  vpc_id = aws_vpc.this.id
  tags   = merge(var.labels, { Name = "${var.name}-egress" })
}

resource "aws_route" "out" {
  count = var.internet_egress ? 1 : 0

  route_table_id         = aws_route_table.egress[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.egress[0].id
}

resource "aws_route" "through" {
  count = var.internet_egress ? 1 : 0

  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.egress[0].id
}

resource "aws_route_table_association" "egress" {
  count = var.internet_egress ? 1 : 0

  subnet_id      = aws_subnet.egress[0].id
  route_table_id = aws_route_table.egress[0].id
}

resource "aws_cloudwatch_log_group" "flows" {
  name              = "/${var.name}/flows"
  retention_in_days = var.flow_log_days
  kms_key_id        = var.encryption_key.id
  tags              = var.labels
}

data "aws_iam_policy_document" "flows_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account]
    }
  }
}

data "aws_iam_policy_document" "flows" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [aws_cloudwatch_log_group.flows.arn, "${aws_cloudwatch_log_group.flows.arn}:*"]
  }
}

resource "aws_iam_role" "flows" {
  name               = "${var.name}-flows"
  assume_role_policy = data.aws_iam_policy_document.flows_trust.json
  tags               = var.labels
}

resource "aws_iam_role_policy" "flows" {
  name   = "write"
  role   = aws_iam_role.flows.id
  policy = data.aws_iam_policy_document.flows.json
}

resource "aws_flow_log" "this" {
  vpc_id               = aws_vpc.this.id
  traffic_type         = "ALL"
  log_destination_type = "cloud-watch-logs"
  log_destination      = aws_cloudwatch_log_group.flows.arn
  iam_role_arn         = aws_iam_role.flows.arn
  tags                 = merge(var.labels, { Name = "${var.name}-flows" })
}
