# What moto doesn't read back of a service: for how long it may start, and whether its copies move between zones.
resource "aws_ecs_service" "this" {
  lifecycle {
    ignore_changes = [availability_zone_rebalancing, health_check_grace_period_seconds]
  }
}
