mock_provider "aws" {}

variables {
  name               = "turnpike-dev"
  environment        = "dev"
  account            = "111122223333"
  region             = "eu-central-1"
  network_id         = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  domain             = "dev.turnpike.example.org"
  certificate_issuer = "arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/8c5b2f2e-0000-4000-8000-000000000001"
  client_cidrs       = { network = "10.10.0.0/16" }
  backend_cidrs      = { network = "10.10.0.0/16" }
  cluster_backends   = ["10.10.160.10"]
  services           = { mlflow = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/turnpike-dev-mlflow/0123456789abcdef" }
}

run "plans" {
  command = plan

  assert {
    condition     = aws_lb.this.internal && aws_lb_listener.this.protocol == "HTTPS" && aws_lb_listener.this.port == 443 && aws_vpc_security_group_ingress_rule.client["network"].cidr_ipv4 == "10.10.0.0/16"
    error_message = "the one way in is private, and by TLS"
  }

  assert {
    condition     = aws_acm_certificate.this.certificate_authority_arn == var.certificate_issuer && contains(aws_acm_certificate.this.subject_alternative_names, "*.dev.turnpike.example.org")
    error_message = "certificates come from the company's own authority"
  }

  assert {
    condition     = one(aws_route53_zone.this.vpc).vpc_id == var.network_id && one(aws_route53_record.this["*.dev.turnpike.example.org"].alias).evaluate_target_health
    error_message = "names are private"
  }

  assert {
    condition     = aws_lb_listener_rule.service["mlflow"].priority < aws_lb_listener_rule.cluster.priority && one(one(aws_lb_listener_rule.service["mlflow"].condition).host_header).values == toset(["mlflow.dev.turnpike.example.org"])
    error_message = "a service goes before the cluster's names"
  }
}

run "refuses_public_clients" {
  command = plan

  variables {
    client_cidrs = { everybody = "0.0.0.0/0" }
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_an_authority_that_nobody_runs" {
  command = plan

  variables {
    certificate_issuer = "self-signed"
  }

  expect_failures = [var.certificate_issuer]
}
