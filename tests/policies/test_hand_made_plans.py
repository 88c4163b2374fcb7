"""Plans written by hand as Terraform tells them: for each violation on each cloud, what denies it.

The planner's code reads them, and the real rules hold them against the table of this repository.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from policies.test_inputs import Json
from policies.test_properties import Ask, ask, named, read
from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import digest_of
from turnpike.documents.reading import validate
from turnpike.documents.strict_yaml import parse
from turnpike.infrastructure.reduce import Planned, reduced
from turnpike.topology.plan_table import PLAN_TABLE, PLAN_TABLE_PATH
from unit.infrastructure.plans import change, plan

__all__ = ["ask"]  # the fixture of a neighbour

GOOGLE = "registry.terraform.io/hashicorp/google"
AZURE = "registry.terraform.io/hashicorp/azurerm"
WORLD: Json = {"source_ranges": ["0.0.0.0/0"], "direction": "INGRESS"}
RULE: Json = {"direction": "Inbound", "access": "Allow", "source_address_prefix": "*"}
OWNER = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def document(**statement: JsonValue) -> str:
    """Return a policy of AWS with one statement that allows."""
    return json.dumps({"Statement": [{"Effect": "Allow", **statement}]})


def judged(ask: Ask, *changes: Json) -> set[str]:
    """Return the codes of all denials of a plan in eu-central-1 and eu-west-1 of AWS."""
    path = Path(PLAN_TABLE_PATH)
    table = validate(PLAN_TABLE, parse(path.read_bytes(), str(path)))
    about = Planned("terraform/environments/dev/aws", None, digest_of(b""), datetime.now(UTC))
    said = reduced(plan(*changes), about, table)
    document = named("root")
    root = document["terraformRoot"]
    assert isinstance(root, dict)
    standing = root["plan"]
    assert isinstance(standing, dict)
    resources: JsonValue = [to_json(one) for one in said.resources]
    edited = {**root, "monthlyCost": 1000.0, "plan": {**standing, "resources": resources}}
    (answer,) = ask([read({**document, "terraformRoot": edited})])
    return {denial.code for denial in answer.denials}


@pytest.mark.parametrize(
    ("code", "kind", "after"),
    [
        (
            "plan-exposes",
            "aws_default_security_group",
            {"ingress": [{"cidr_blocks": ["0.0.0.0/0"]}]},
        ),
        (
            "plan-exposes",
            "aws_default_security_group",
            {"ingress": [{"ipv6_cidr_blocks": ["::/0"]}]},
        ),
        (
            "plan-exposes",
            "aws_instance",
            {"instance_type": "m7i.large", "associate_public_ip_address": True},
        ),
        (
            "plan-exposes",
            "aws_launch_template",
            {"network_interfaces": [{"associate_public_ip_address": "true"}]},
        ),
        (
            "plan-exposes",
            "aws_s3_bucket_policy",
            {"policy": document(Action="s3:GetObject", NotPrincipal={"AWS": "arn:x"})},
        ),
        (
            "plan-exposes",
            "aws_ecr_repository_policy",
            {"policy": document(Action="ecr:Get", NotPrincipal={"AWS": "arn:x"})},
        ),
        (
            "plan-unencrypted",
            "aws_instance",
            {"instance_type": "m7i.large", "root_block_device": [{"encrypted": False}]},
        ),
        (
            "plan-unencrypted",
            "aws_instance",
            {"instance_type": "m7i.large", "ebs_block_device": [{"encrypted": False}]},
        ),
        ("plan-deletable", "aws_secretsmanager_secret", {"recovery_window_in_days": 0}),
        (
            "plan-wildcard",
            "aws_iam_role",
            {"assume_role_policy": "{}", "inline_policy": [{"policy": document(Action="s3:*")}]},
        ),
        (
            "plan-wildcard",
            "aws_iam_role",
            {
                "assume_role_policy": "{}",
                "inline_policy": [{"policy": document(NotAction="s3:GetObject")}],
            },
        ),
        (
            "plan-wildcard",
            "aws_iam_role",
            {
                "assume_role_policy": "{}",
                "managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            },
        ),
        (
            "plan-wildcard",
            "aws_ssoadmin_permission_set_inline_policy",
            {"inline_policy": document(Action="*")},
        ),
        ("plan-wildcard", "aws_ecr_repository_policy", {"policy": document(Action="ecr:*")}),
        ("plan-wildcard", "aws_iam_policy", {"policy": "[" * 100_000}),
        (
            "plan-exposes",
            "google_compute_firewall",
            {**WORLD, "allow": [{"protocol": "tcp"}], "deny": []},
        ),
        ("plan-exposes", "google_artifact_registry_repository_iam_member", {"member": "allUsers"}),
        ("plan-exposes", "google_kms_crypto_key_iam_member", {"member": "allAuthenticatedUsers"}),
        ("plan-exposes", "google_secret_manager_secret_iam_member", {"member": "allUsers"}),
        ("plan-exposes", "google_service_account_iam_member", {"member": "allUsers"}),
        (
            "plan-exposes",
            "google_project_iam_binding",
            {"role": "roles/viewer", "members": ["allUsers"]},
        ),
        (
            "region-outside-residency",
            "google_secret_manager_secret",
            {
                "deletion_protection": True,
                "replication": [{"user_managed": [{"replicas": [{"location": "us-east1"}]}]}],
            },
        ),
        ("plan-exposes", "azurerm_network_security_rule", RULE),
        (
            "plan-exposes",
            "azurerm_network_security_rule",
            {**RULE, "source_address_prefix": None, "source_address_prefixes": ["Internet"]},
        ),
        ("plan-exposes", "azurerm_network_security_group", {"security_rule": [RULE]}),
        ("plan-exposes", "azurerm_storage_container", {"container_access_type": "blob"}),
        ("plan-wildcard", "azurerm_role_assignment", {"role_definition_id": OWNER}),
        (
            "plan-too-costly",
            "azurerm_kubernetes_cluster",
            {
                "private_cluster_enabled": True,
                "default_node_pool": [{"vm_size": "Standard_D8ds_v5", "max_count": 100}],
            },
        ),
        (
            "plan-unpriced",
            "azurerm_kubernetes_cluster",
            {
                "private_cluster_enabled": True,
                "default_node_pool": [{"vm_size": "Standard_M416", "max_count": 1}],
            },
        ),
    ],
)
def test_a_violation_is_denied(ask: Ask, code: str, kind: str, after: Json) -> None:
    assert judged(ask, change(kind, after=after, provider=_provider(kind))) == {code}


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        ("google_compute_firewall", {**WORLD, "allow": [], "deny": [{"protocol": "all"}]}),
        (
            "google_compute_firewall",
            {**WORLD, "direction": "EGRESS", "allow": [{"protocol": "tcp"}]},
        ),
        (
            "google_compute_firewall",
            {**WORLD, "source_ranges": ["10.0.0.0/8"], "allow": [{"protocol": "tcp"}]},
        ),
        ("azurerm_network_security_rule", {**RULE, "access": "Deny"}),
        ("azurerm_network_security_rule", {**RULE, "direction": "Outbound"}),
        ("azurerm_network_security_rule", {**RULE, "source_address_prefix": "VirtualNetwork"}),
        (
            "azurerm_kubernetes_cluster",
            {
                "private_cluster_enabled": True,
                "default_node_pool": [{"vm_size": "Standard_D4ds_v5", "max_count": 4}],
            },
        ),
    ],
)
def test_what_lets_nobody_in_is_not_denied(ask: Ask, kind: str, after: Json) -> None:
    assert judged(ask, change(kind, after=after, provider=_provider(kind))) == set()


def test_a_firewall_whose_allow_is_unknown_is_denied(ask: Ask) -> None:
    after: Json = {**WORLD, "deny": [{"protocol": "all"}]}
    made = change("google_compute_firewall", after=after, unknown={"allow": True}, provider=GOOGLE)
    assert judged(ask, made) == {"plan-exposes"}


def test_what_nobody_gives_a_role_may_be_unknown(ask: Ask) -> None:
    after: Json = {"assume_role_policy": document(Action="sts:AssumeRole", Principal="arn:x")}
    unknown: Json = {"inline_policy": True, "managed_policy_arns": True}
    assert judged(ask, change("aws_iam_role", after=after, unknown=unknown)) == set()


@pytest.mark.parametrize(
    "kind",
    ["aws_rds_cluster", "aws_dynamodb_table", "azurerm_managed_disk", "google_bigquery_dataset"],
)
@pytest.mark.parametrize("actions", [("delete",), ("delete", "create"), ("create", "delete")])
def test_the_loss_of_what_keeps_state_is_denied(
    ask: Ask, kind: str, actions: tuple[str, ...]
) -> None:
    gone = change(kind, actions=actions, provider=_provider(kind))
    assert judged(ask, gone) == {"destruction-unapproved"}


def _provider(kind: str) -> str:
    clouds = {"google": GOOGLE, "azurerm": AZURE}
    return clouds.get(kind.partition("_")[0], "registry.terraform.io/hashicorp/aws")
