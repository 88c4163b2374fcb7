resource "aws_acm_certificate" "this" {
  #checkov:skip=CKV2_AWS_71:Models come and go by Git below one private domain, so its certificate names all of them.
  domain_name               = var.domain
  subject_alternative_names = ["*.${var.domain}"]
  certificate_authority_arn = var.certificate_issuer
  key_algorithm             = "EC_prime256v1"
  tags                      = var.labels

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-gateway"
  description = "Who may speak to the gateway, and to whom it speaks"
  vpc_id      = var.network_id
  tags        = merge(var.labels, { Name = "${var.name}-gateway" })
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_cidrs

  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "backend" {
  for_each = var.backend_cidrs

  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 1024
  to_port           = 65535
}

resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91:Its access logs can't be under a key of ours; flows are in the network's log, and what serves logs requests.
  #checkov:skip=CKV_AWS_150:Protected everywhere but in dev, where an environment must be able to end.
  name                       = "${var.name}-gateway"
  internal                   = true
  load_balancer_type         = "application"
  subnets                    = var.subnet_ids
  security_groups            = [aws_security_group.this.id]
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = var.environment != "dev"
  tags                       = var.labels
}

resource "aws_lb_target_group" "cluster" {
  name        = "${var.name}-cluster"
  vpc_id      = var.network_id
  target_type = "ip"
  protocol    = "HTTPS"
  port        = 8443
  tags        = var.labels

  health_check {
    protocol = "HTTPS"
    path     = var.health_path
    matcher  = "200"
  }
}

resource "aws_lb_target_group_attachment" "cluster" {
  for_each = var.cluster_backends

  target_group_arn = aws_lb_target_group.cluster.arn
  target_id        = each.key
  port             = 8443
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.this.arn
  tags              = var.labels

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
      message_body = "nothing is served under this name"
    }
  }
}

resource "aws_lb_listener_rule" "cluster" {
  listener_arn = aws_lb_listener.this.arn
  priority     = 50000 # the last
  tags         = var.labels

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.cluster.arn
  }

  condition {
    host_header {
      values = ["*.${var.domain}"]
    }
  }
}

# A service's place in the order comes from its own name, so that another service never moves it.
resource "aws_lb_listener_rule" "service" {
  for_each = var.services

  listener_arn = aws_lb_listener.this.arn
  priority     = 1 + parseint(substr(sha256(each.key), 0, 3), 16)
  tags         = var.labels

  action {
    type             = "forward"
    target_group_arn = each.value
  }

  condition {
    host_header {
      values = ["${each.key}.${var.domain}"]
    }
  }
}

resource "aws_route53_zone" "this" {
  name    = var.domain
  comment = "What ${var.name} serves, inside its network"
  tags    = var.labels

  vpc {
    vpc_id = var.network_id
  }
}

resource "aws_route53_record" "this" {
  for_each = toset([var.domain, "*.${var.domain}"])

  zone_id = aws_route53_zone.this.zone_id
  name    = each.key
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}
