"""Plans written by hand as Terraform tells them: for each violation on each cloud, what denies it.

The planner's code reads them, and the real rules hold them against the table of this repository.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from policies.test_inputs import Json, table
from policies.test_properties import Ask, ask, named, read
from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import digest_of
from turnpike.infrastructure.arguments import configuration_of
from turnpike.infrastructure.reduce import Planned, reduced
from unit.infrastructure.plans import change, plan

__all__ = ["ask"]  # the fixture of a neighbour

ROOT = "terraform/environments/dev/aws"
GOOGLE = "registry.terraform.io/hashicorp/google"
AZURE = "registry.terraform.io/hashicorp/azurerm"
WORLD: Json = {"source_ranges": ["0.0.0.0/0"], "direction": "INGRESS"}
RULE: Json = {"direction": "Inbound", "access": "Allow", "source_address_prefix": "*"}
AKS: Json = {"private_cluster_enabled": True, "local_account_disabled": True}
DOCUMENT = "data.aws_iam_policy_document.this.json"
OWNER = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def document(**statement: JsonValue) -> str:
    """Return a policy of AWS with one statement that allows."""
    return json.dumps({"Statement": [{"Effect": "Allow", **statement}]})


def aks(size: str, most: int) -> Json:
    """Return a closed cluster whose own pool has that many nodes of that size at most."""
    pool: Json = {"vm_size": size, "max_count": most}
    return {**AKS, "default_node_pool": [pool]}


def judged(ask: Ask, *changes: Json, hcl: str = "") -> set[str]:
    """Return the codes of all denials of a plan in eu-central-1 and eu-west-1 of AWS.

    ``hcl`` is the root's configuration; of what does not stand in it anything may be written.
    """
    written = configuration_of({f"{ROOT}/main.tf": hcl.encode()})
    about = Planned(ROOT, None, digest_of(b""), datetime.now(UTC), written)
    said = reduced(plan(*changes), about, table())
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
            aks("Standard_D8ds_v5", 100),
        ),
        (
            "plan-unpriced",
            "azurerm_kubernetes_cluster",
            aks("Standard_M416", 1),
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
            aks("Standard_D4ds_v5", 4),
        ),
    ],
)
def test_what_lets_nobody_in_is_not_denied(ask: Ask, kind: str, after: Json) -> None:
    assert judged(ask, change(kind, after=after, provider=_provider(kind))) == set()


CLUSTER: Json = {
    "remove_default_node_pool": True,
    "private_cluster_config": [{"enable_private_nodes": True, "enable_private_endpoint": True}],
    "database_encryption": [{"state": "ENCRYPTED"}],
    "master_authorized_networks_config": [{"cidr_blocks": [{"cidr_block": "10.0.0.0/8"}]}],
}
NODES: Json = {
    "machine_type": "n2-standard-4",
    "oauth_scopes": ["https://www.googleapis.com/auth/cloud-platform"],
    "service_account": "nodes@p.iam.gserviceaccount.com",
    "shielded_instance_config": [{"enable_secure_boot": True, "enable_integrity_monitoring": True}],
    "workload_metadata_config": [{"mode": "GKE_METADATA"}],
}
SCALED: Json = {"total_max_node_count": 1}
POOL: Json = {"autoscaling": [SCALED], "node_config": [NODES]}
SECRET: Json = {"deletion_protection": True}
REPLICA: Json = {"location": "eu-west-1"}
VAULT: Json = {
    "public_network_access_enabled": False,
    "purge_protection_enabled": True,
    "soft_delete_retention_days": 90,
    "location": "eu-west-1",
}
ACCOUNT: Json = {
    "public_network_access_enabled": False,
    "allow_nested_items_to_be_public": False,
    "shared_access_key_enabled": False,
    "https_traffic_only_enabled": True,
    "min_tls_version": "TLS1_2",
    "account_replication_type": "ZRS",
    "blob_properties": [{"delete_retention_policy": [{"days": 30}]}],
}
POSTGRES: Json = {"sku_name": "GP_Standard_D2ds_v5", "public_network_access_enabled": False}
RDS: Json = {
    "instance_class": "db.t4g.medium",
    "publicly_accessible": False,
    "storage_encrypted": True,
    "deletion_protection": True,
    "skip_final_snapshot": False,
    "backup_retention_period": 7,
}
EKS: Json = {
    "vpc_config": [{"endpoint_public_access": False}],
    "encryption_config": [{"resources": ["secrets"]}],
    "enabled_cluster_log_types": ["api", "audit"],
}
SQL: Json = {
    "deletion_protection": True,
    "settings": [
        {
            "tier": "db-custom-2-7680",
            "disk_autoresize": False,
            "ip_configuration": [{"ipv4_enabled": False, "ssl_mode": "ENCRYPTED_ONLY"}],
            "backup_configuration": [{"enabled": True, "location": "eu-west-1"}],
        }
    ],
}
KEY: Json = {
    "is_enabled": True,
    "enable_key_rotation": True,
    "deletion_window_in_days": 30,
    "policy": "{}",
}
TEMPLATE: Json = {"block_device_mappings": [{"ebs": [{"encrypted": "true"}]}]}
EKS_SCALED: Json = {"max_size": 2}
EKS_NODES: Json = {"instance_types": ["m7i.large"], "scaling_config": [EKS_SCALED]}
READER: Json = {"permissions": [{"actions": ["*/read", "Microsoft.Insights/alertRules/read"]}]}
GOOD: dict[str, Json] = {
    "google_container_cluster": CLUSTER,
    "google_container_node_pool": POOL,
    "google_secret_manager_secret": {
        **SECRET,
        "replication": [{"auto": [], "user_managed": [{"replicas": [REPLICA]}]}],
    },
    "google_sql_database_instance": SQL,
    "google_compute_network": {"auto_create_subnetworks": False},
    "google_kms_crypto_key": {
        "destroy_scheduled_duration": "2592000s",
        "rotation_period": "7776000s",
    },
    "google_kms_key_ring": {"location": "eu-west-1"},
    "google_project_iam_member": {"role": "roles/viewer", "member": "group:a@example.com"},
    "google_iam_workload_identity_pool_provider": {"attribute_condition": "assertion.sub == 'a'"},
    "google_sql_user": {"type": "CLOUD_IAM_GROUP"},
    "google_compute_region_ssl_policy": {"min_tls_version": "TLS_1_2"},
    "azurerm_key_vault": VAULT,
    "azurerm_storage_account": ACCOUNT,
    "azurerm_postgresql_flexible_server": POSTGRES,
    "azurerm_role_definition": READER,
    "azurerm_role_assignment": {"role_definition_name": "AcrPull"},
    "azurerm_network_security_rule": {**RULE, "source_address_prefix": "10.0.0.0/8"},
    "azurerm_kubernetes_cluster": aks("Standard_D4ds_v5", 1),
    "azurerm_kubernetes_cluster_node_pool": {"vm_size": "Standard_D4s_v5", "max_count": 1},
    "aws_db_instance": RDS,
    "aws_eks_cluster": EKS,
    "aws_eks_node_group": EKS_NODES,
    "aws_kms_key": KEY,
    "aws_launch_template": TEMPLATE,
    "aws_secretsmanager_secret": {"recovery_window_in_days": 30},
    "aws_vpc_security_group_ingress_rule": {"cidr_ipv4": "10.0.0.0/8", "cidr_ipv6": "fc00::/7"},
    "aws_iam_policy": {"policy": document(Action=["s3:Get*", "s3:PutObject"])},
    "aws_iam_role_policy_attachment": {"policy_arn": "arn:aws:iam::aws:policy/AmazonEKSCNIPolicy"},
    "aws_iam_policy_document": {"statement": [{"effect": "Allow", "actions": ["s3:GetObject"]}]},
}
"""One resource of each of these types as the real world has it where it is careful."""


def configuration(kind: str, after: Json) -> str:
    """Return a configuration that gives whatever is known of a resource."""
    given = "".join(f"  {name} = var.{name}\n" for name in after)
    return f'resource "{kind}" "this" {{\n{given}}}\n'


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_careful_is_not_denied(ask: Ask, kind: str) -> None:
    after = GOOD[kind]
    mode = "data" if kind == "aws_iam_policy_document" else "managed"
    made = change(kind, after=after, provider=_provider(kind), mode=mode)
    assert judged(ask, made, hcl=configuration(kind, after)) == set()


@pytest.mark.parametrize(
    ("code", "kind", "edits"),
    [
        ("plan-exposes", "google_container_cluster", {"node_pool": [POOL]}),
        ("plan-exposes", "google_container_cluster", {"remove_default_node_pool": None}),
        ("plan-exposes", "google_container_cluster", {"cluster_autoscaling": [{"enabled": True}]}),
        ("plan-wildcard", "google_container_cluster", {"enable_legacy_abac": True}),
        ("plan-unencrypted", "google_container_cluster", {"database_encryption": []}),
        (
            "plan-exposes",
            "google_container_cluster",
            {"master_authorized_networks_config": [{"cidr_blocks": [{"cidr_block": "0.0.0.0/0"}]}]},
        ),
        (
            "plan-exposes",
            "google_container_node_pool",
            {"network_config": [{"enable_private_nodes": False}]},
        ),
        (
            "plan-exposes",
            "google_container_node_pool",
            {"node_config": [{**NODES, "shielded_instance_config": []}]},
        ),
        (
            "plan-exposes",
            "google_container_node_pool",
            {"node_config": [{**NODES, "workload_metadata_config": [{"mode": "GCE_METADATA"}]}]},
        ),
        (
            "plan-wildcard",
            "google_container_node_pool",
            {"node_config": [{**NODES, "service_account": None}]},
        ),
        (
            "plan-wildcard",
            "google_container_node_pool",
            {
                "node_config": [
                    {**NODES, "service_account": "1-compute@developer.gserviceaccount.com"}
                ]
            },
        ),
        (
            "region-left-to-the-cloud",
            "google_secret_manager_secret",
            {"replication": [{"auto": [{"customer_managed_encryption": []}], "user_managed": []}]},
        ),
        ("region-left-to-the-cloud", "google_compute_network", {"auto_create_subnetworks": True}),
        (
            "region-left-to-the-cloud",
            "azurerm_storage_account",
            {"account_replication_type": "GRS"},
        ),
        (
            "region-left-to-the-cloud",
            "azurerm_postgresql_flexible_server",
            {"geo_redundant_backup_enabled": True},
        ),
        ("region-outside-residency", "aws_kms_key", {"region": "us-east-1"}),
        (
            "region-outside-residency",
            "aws_secretsmanager_secret",
            {"replica": [{"region": "us-east-1"}]},
        ),
        ("region-outside-residency", "google_kms_key_ring", {"location": "global"}),
        ("region-outside-residency", "google_kms_key_ring", {"location": "europe-west99"}),
        ("region-outside-residency", "azurerm_key_vault", {"location": "eastus"}),
        ("plan-exposes", "aws_db_instance", {"publicly_accessible": True}),
        ("plan-unencrypted", "aws_db_instance", {"storage_encrypted": False}),
        ("plan-deletable", "aws_db_instance", {"backup_retention_period": 0}),
        ("plan-exposes", "aws_eks_cluster", {"vpc_config": [{"endpoint_public_access": True}]}),
        ("plan-exposes", "aws_eks_cluster", {"compute_config": [{"enabled": True}]}),
        ("plan-exposes", "aws_eks_node_group", {"remote_access": [{"ec2_ssh_key": "mine"}]}),
        (
            "plan-unencrypted",
            "aws_launch_template",
            {"block_device_mappings": [{"ebs": [{"encrypted": "false"}]}]},
        ),
        (
            "plan-exposes",
            "aws_launch_template",
            {"metadata_options": [{"http_tokens": "optional"}]},
        ),
        ("plan-deletable", "aws_kms_key", {"deletion_window_in_days": 7}),
        ("plan-exposes", "aws_kms_key", {"policy": document(Principal="*", Action="kms:Decrypt")}),
        ("plan-exposes", "aws_vpc_security_group_ingress_rule", {"cidr_ipv4": "128.0.0.0/1"}),
        ("plan-exposes", "aws_vpc_security_group_ingress_rule", {"cidr_ipv6": "2000::/3"}),
        ("plan-wildcard", "aws_iam_policy", {"policy": document(Action="s3:**")}),
        (
            "plan-wildcard",
            "aws_iam_role_policy_attachment",
            {"policy_arn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
        ),
        (
            "plan-exposes",
            "aws_iam_policy_document",
            {"source_policy_documents": [document(Action="s3:GetObject", Principal="*")]},
        ),
        (
            "plan-exposes",
            "aws_secretsmanager_secret",
            {"policy": document(Action="secretsmanager:GetSecretValue", Principal="*")},
        ),
        ("plan-exposes", "google_sql_database_instance", {"settings": [{"ip": True}]}),
        ("plan-exposes", "google_sql_user", {"type": "BUILT_IN"}),
        ("plan-exposes", "google_iam_workload_identity_pool_provider", {"attribute_condition": ""}),
        ("plan-deletable", "google_kms_crypto_key", {"destroy_scheduled_duration": "86400s"}),
        ("plan-wildcard", "google_project_iam_member", {"role": "roles/editor"}),
        (
            "plan-wildcard",
            "google_project_iam_member",
            {"role": "roles/resourcemanager.projectIamAdmin"},
        ),
        ("plan-unencrypted", "google_compute_region_ssl_policy", {"min_tls_version": "TLS_1_0"}),
        ("plan-exposes", "azurerm_storage_account", {"public_network_access_enabled": True}),
        ("plan-exposes", "azurerm_storage_account", {"shared_access_key_enabled": True}),
        ("plan-exposes", "azurerm_storage_account", {"sftp_enabled": True}),
        ("plan-deletable", "azurerm_key_vault", {"soft_delete_retention_days": 7}),
        ("plan-exposes", "azurerm_kubernetes_cluster", {"private_cluster_enabled": False}),
        ("plan-exposes", "azurerm_kubernetes_cluster", {"local_account_disabled": False}),
        (
            "plan-exposes",
            "azurerm_kubernetes_cluster_node_pool",
            {"node_public_ip_enabled": True},
        ),
        ("plan-exposes", "azurerm_network_security_rule", {"source_address_prefix": "0.0.0.0/1"}),
        ("plan-wildcard", "azurerm_role_definition", {"permissions": [{"actions": ["*"]}]}),
        (
            "plan-wildcard",
            "azurerm_role_definition",
            {"permissions": [{"data_actions": ["Microsoft.Storage/*"]}]},
        ),
        ("plan-wildcard", "azurerm_role_assignment", {"role_definition_name": "owner"}),
        (
            "plan-exposes",
            "azurerm_postgresql_flexible_server",
            {"authentication": [{"password_auth_enabled": True}]},
        ),
    ],
)
def test_one_careless_word_is_denied(ask: Ask, code: str, kind: str, edits: Json) -> None:
    after = {**GOOD[kind], **edits}
    made = change(kind, after=after, provider=_provider(kind))
    assert code in judged(ask, made, hcl=configuration(kind, after))


@pytest.mark.parametrize(
    "kind",
    [
        "aws_iam_access_key",
        "google_service_account_key",
        "google_storage_hmac_key",
        "azuread_application_password",
        "azuread_application_certificate",
    ],
)
def test_a_key_that_lives_long_is_denied(ask: Ask, kind: str) -> None:
    made = change(kind, after={}, provider=_provider(kind))
    assert "plan-long-lived-key" in judged(ask, made)


@pytest.mark.parametrize(
    "kind",
    [
        "google_container_cluster",
        "aws_iam_role",
    ],
)
def test_what_the_provider_alone_knows_is_not_denied(ask: Ask, kind: str) -> None:
    after = GOOD.get(kind, {"assume_role_policy": "{}"})
    unknown: Json = dict.fromkeys(
        ("node_pool", "node_config", "cluster_autoscaling", "inline_policy"), True
    )
    made = change(kind, after=after, unknown=unknown, provider=_provider(kind))
    assert judged(ask, made, hcl=configuration(kind, after)) == set()


POLICIES = {
    "aws_iam_policy": "plan-wildcard",
    "aws_iam_role_policy": "plan-wildcard",
    "aws_s3_bucket_policy": "plan-exposes",
    "aws_kms_key": "plan-exposes",
    "aws_ecr_repository_policy": "plan-exposes",
    "aws_secretsmanager_secret": "plan-exposes",
}


@pytest.mark.parametrize(("kind", "code"), POLICIES.items())
@pytest.mark.parametrize(
    "changed",
    [
        'replace({0}, "s3:GetObject", "s3:*")',
        '"[${{{0}}}]"',
        'true ? {0} : ""',
        "aws_s3_bucket.this.bucket",
        "module.policies.json",
    ],
)
def test_a_policy_that_becomes_another_is_denied(
    ask: Ask, kind: str, code: str, changed: str
) -> None:
    assert code in _with_policy(ask, kind, changed.format(DOCUMENT))


@pytest.mark.parametrize("kind", POLICIES)
def test_a_policy_of_a_document_beside_it_is_not_denied(ask: Ask, kind: str) -> None:
    assert _with_policy(ask, kind, DOCUMENT) == set()


def _with_policy(ask: Ask, kind: str, expression: str) -> set[str]:
    """Return what is said of a resource whose policy is known only after the apply."""
    after: Json = {**GOOD.get(kind, {}), "policy": None}
    written = f'resource "{kind}" "this" {{\n  policy = {expression}\n}}\n'
    read: Json = {"statement": [{"effect": "Allow", "actions": ["s3:GetObject"]}]}
    made = (
        change(kind, after=after, unknown={"policy": True}),
        change("aws_iam_policy_document", after=read, mode="data", actions=("read",)),
    )
    return judged(ask, *made, hcl=written)


def test_a_member_whose_kind_is_written_may_be_unknown(ask: Ask) -> None:
    kind = "google_project_iam_member"
    made = change(kind, after={"role": "roles/viewer"}, unknown={"member": True}, provider=GOOGLE)

    def written(member: str) -> str:
        return f'resource "{kind}" "this" {{\n  member = {member}\n}}\n'

    assert judged(ask, made, hcl=written('"serviceAccount:${each.value}"')) == set()
    assert judged(ask, made, hcl=written("each.value")) == {"plan-exposes"}
    assert judged(ask, made, hcl=written('"all${each.value}"')) == {"plan-exposes"}


def test_what_only_moves_is_not_denied(ask: Ask) -> None:
    vault = change("azurerm_key_vault", after=VAULT, actions=("no-op",), provider=AZURE)
    assert judged(ask, {**vault, "previous_address": "azurerm_key_vault.old"}) == set()


def test_a_firewall_whose_allow_is_unknown_is_denied(ask: Ask) -> None:
    after: Json = {**WORLD, "deny": [{"protocol": "all"}]}
    made = change("google_compute_firewall", after=after, unknown={"allow": True}, provider=GOOGLE)
    assert judged(ask, made) == {"plan-exposes"}


def test_what_nobody_gives_a_role_may_be_unknown(ask: Ask) -> None:
    after: Json = {"assume_role_policy": document(Action="sts:AssumeRole", Principal="arn:x")}
    unknown: Json = {"inline_policy": True, "managed_policy_arns": True}
    role = change("aws_iam_role", after=after, unknown=unknown)
    trust = "assume_role_policy = jsonencode({})"
    assert judged(ask, role, hcl=f'resource "aws_iam_role" "this" {{\n {trust}\n}}\n') == set()
    assert judged(ask, role) == {"plan-wildcard"}


@pytest.mark.parametrize(
    "kind",
    ["aws_rds_cluster", "aws_dynamodb_table", "azurerm_managed_disk", "google_bigquery_dataset"],
)
@pytest.mark.parametrize(
    "actions", [("delete",), ("delete", "create"), ("create", "delete"), ("forget",)]
)
def test_the_loss_of_what_keeps_state_is_denied(
    ask: Ask, kind: str, actions: tuple[str, ...]
) -> None:
    after: Json | None = {} if "create" in actions else None
    gone = change(kind, actions=actions, after=after, provider=_provider(kind))
    assert "destruction-unapproved" in judged(ask, gone)


def _provider(kind: str) -> str:
    clouds = {"google": GOOGLE, "azurerm": AZURE}
    return clouds.get(kind.partition("_")[0], "registry.terraform.io/hashicorp/aws")
