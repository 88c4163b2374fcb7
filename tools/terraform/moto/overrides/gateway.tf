# What moto doesn't read back: the algorithm of a certificate's key, and the networks of a zone that was not said to be
# private, which AWS knows by its network.
resource "aws_acm_certificate" "this" {
  lifecycle {
    ignore_changes = [key_algorithm]
  }
}

resource "aws_route53_zone" "this" {
  lifecycle {
    ignore_changes = [vpc]
  }
}
