"""A plan as ``terraform show -json`` tells it, cut down to what the tests of its readers vary."""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.topology.plan_table import PLAN_TABLE, PlanTable

Json = dict[str, JsonValue]
AWS = "registry.terraform.io/hashicorp/aws"


def table() -> PlanTable:
    """Return a table that names a little of everything."""
    return PLAN_TABLE.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "PlanTable",
            "terraform": "1.11.4",
            "providers": [
                {
                    "source": AWS,
                    "regions": ["region"],
                    "locations": [],
                    "arguments": ["alias", "default_tags", "region"],
                },
                {
                    "source": "registry.terraform.io/hashicorp/google",
                    "regions": [],
                    "locations": ["location"],
                    "arguments": ["project"],
                },
            ],
            "backends": [{"type": "s3", "arguments": ["bucket", "key"]}],
            "modules": ["git::https://git.example/platform/"],
            "anywhere": ["global"],
            "stateful": ["aws_s3_bucket"],
            "keys": ["aws_iam_access_key"],
            "checks": [
                {
                    "concern": "wildcard",
                    "type": "aws_s3_bucket_policy",
                    "attribute": "policy.@json.Statement.@allow.Action.@each",
                    "must": "none-of",
                    "values": ["*"],
                    "spared": [],
                    "computedBy": ["aws_iam_policy_document.json"],
                }
            ],
            "companions": [],
            "free": [],
            "provisions": [],
            "prices": [
                {
                    "type": "aws_s3_bucket",
                    "monthly": 0.0,
                    "by": "bucket",
                    "sizes": {"one": 1.0},
                    "times": [],
                }
            ],
        },
        strict=False,
    )


def change(
    kind: str,
    name: str = "this",
    *,
    after: JsonValue = None,
    unknown: JsonValue = None,
    sensitive: JsonValue = False,
    actions: tuple[str, ...] = ("create",),
    module: str = "",
    mode: str = "managed",
    provider: str = AWS,
    key: str = "",
) -> Json:
    """Return one entry of ``resource_changes``."""
    data = "data." if mode == "data" else ""
    address = f"{module}{'.' if module else ''}{data}{kind}.{name}{key}"
    found: Json = {
        "address": address,
        "mode": mode,
        "type": kind,
        "name": name,
        "provider_name": provider,
        "change": {
            "actions": list(actions),
            "before": None,
            "after": after,
            "after_unknown": unknown if unknown is not None else {},
            "after_sensitive": sensitive,
        },
    }
    return {**found, "module_address": module} if module else found


def plan(*changes: Json, configuration: Json | None = None, **more: JsonValue) -> Json:
    """Return a whole plan."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "errored": False,
        "variables": {"region": {"value": "eu-central-1"}},
        "resource_changes": [*changes],
        "configuration": configuration or {"root_module": {}},
        **more,
    }
