"""More plans of an outside examiner: each careless in one thing, and beside it its harmless twin.

A fault must be refused for its own reason, and its twin let through. All are asked at once.
"""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from policies.test_examined_plans import (
    EXTRA,
    POOL,
    Case,
    Trial,
    answers,
    becomes,
    codes_of,
    faults,
    may,
    one,
    run,
    settings_of,
)
from policies.test_hand_made_plans import AZURE, GOOD, GOOGLE, configuration
from policies.test_inputs import Json
from policies.test_properties import Ask, ask
from unit.infrastructure.plans import AWS, change

__all__ = ["answers", "ask"]  # the fixtures of neighbours


def mapped(*disks: Json) -> Json:
    """Return the disks of a launch template."""
    return {"block_device_mappings": [{"device_name": "/dev/xvda", "ebs": [one]} for one in disks]}


def disk(kind: str, **edits: JsonValue) -> Json:
    """Return the disks of a machine, whose other disks are careful."""
    return {kind: [{"encrypted": True, "volume_size": 8}, {"volume_size": 8, **edits}]}


NODES = GOOD["google_container_node_pool"]["node_config"]


def nodes(most: int = 1, **edits: JsonValue) -> Json:
    """Return nodes of Google, of which something is edited."""
    (careful,) = NODES if isinstance(NODES, list) else ({},)
    assert isinstance(careful, dict)
    scaled: JsonValue = [{"total_max_node_count": most}]
    return {"node_config": [{**careful, **edits}], "autoscaling": scaled}


TEMPLATES = run("1")["template"]


def accelerated(*kinds: str) -> Json:
    """Return a service of Cloud Run with accelerators."""
    (template,) = TEMPLATES if isinstance(TEMPLATES, list) else ({},)
    assert isinstance(template, dict)
    chosen: JsonValue = [{"accelerator": kind} for kind in kinds]
    return {"template": [{**template, "node_selector": chosen}]}


SAFE: Json = {"encrypted": True, "volume_size": 200, "volume_type": "gp3"}
VOLUME: Json = {"encrypted": True, "size": 100, "type": "gp3"}
CAREFUL = {**EXTRA, "aws_ebs_volume": VOLUME, "google_cloud_run_v2_service": run("1")}
ORDERED = faults(
    ("plan-unencrypted", "aws_launch_template", mapped({"volume_size": 20}), mapped(SAFE)),
    ("plan-unencrypted", "aws_launch_template",
     mapped({**SAFE, "encrypted": ""}), mapped({**SAFE, "encrypted": "true"})),
    ("plan-unencrypted", "aws_launch_template",
     {"block_device_mappings": [{"ebs": [{"encrypted": "true"}]}, {"ebs": [{"volume_size": 1}]}]},
     {"block_device_mappings": [{"virtual_name": "ephemeral0", "ebs": []}]}),
    ("plan-unencrypted", "aws_instance",
     disk("ebs_block_device"), disk("ebs_block_device", encrypted=True)),
    ("plan-unencrypted", "aws_instance",
     {"root_block_device": [{"volume_size": 8}]},
     {"root_block_device": [{"volume_size": 8, "encrypted": True}]}),
    ("plan-unencrypted", "aws_ebs_volume", {"encrypted": None}, {"encrypted": True}),
    ("plan-unencrypted", "aws_ebs_volume", {"encrypted": False}, {"size": 10}),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "volume_size": 16000}), mapped({**SAFE, "volume_size": 20})),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "volume_type": "io2"}), mapped({**SAFE, "volume_type": "gp2"})),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "iops": 16000}), mapped({**SAFE, "iops": 3000})),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "throughput": 1000}), mapped({**SAFE, "throughput": 125})),
    ("plan-unpriced", "aws_launch_template", mapped(SAFE, SAFE), mapped(SAFE)),
    ("plan-too-costly", "aws_ebs_volume", {"size": 16000}, {"size": 1000}),
    ("plan-too-costly", "aws_ebs_volume",
     {"type": "io2", "iops": 64000}, {"type": "io2", "iops": 1000}),
    ("plan-unpriced", "aws_ebs_volume", {"type": "io9"}, {"type": "st1", "size": 500}),
    ("plan-too-costly", "aws_ebs_volume", {"iops": 80000, "throughput": 2000, "size": 8000},
     {"iops": 3000, "throughput": 125, "size": 4000}),
    ("plan-too-costly", "aws_db_instance", {"allocated_storage": 8000}, {"allocated_storage": 100}),
    ("plan-too-costly", "aws_db_instance",
     {"allocated_storage": 100, "max_allocated_storage": 8000},
     {"allocated_storage": 100, "max_allocated_storage": 400}),
    ("plan-too-costly", "aws_db_instance",
     {"storage_type": "io2", "iops": 40000}, {"storage_type": "io2", "iops": 1000}),
    ("plan-too-costly", "aws_instance",
     {"ebs_block_device": [{"encrypted": True, "volume_size": 4000}] * 3},
     {"ebs_block_device": [{"encrypted": True, "volume_size": 400}] * 3}),
    ("plan-too-costly", "aws_eks_node_group",
     {"disk_size": 16000}, {"disk_size": 100}),
    ("plan-too-costly", "google_sql_database_instance",
     settings_of(disk_size=10000), settings_of(disk_size=100, disk_type="PD_HDD")),
    ("plan-too-costly", "google_sql_database_instance",
     settings_of(disk_size=10, disk_autoresize_limit=10000),
     settings_of(disk_size=100, disk_autoresize_limit=400)),
    ("plan-too-costly", "google_container_node_pool",
     nodes(5, disk_size_gb=2000), nodes(5, disk_size_gb=100)),
    ("plan-too-costly", "google_container_node_pool",
     nodes(2, local_nvme_ssd_block_config=[{"local_ssd_count": 24}]),
     nodes(2, local_nvme_ssd_block_config=[{"local_ssd_count": 1}])),
    ("plan-unpriced", "google_container_node_pool",
     nodes(disk_type="hyperdisk-extreme"), nodes(disk_type="pd-standard")),
    ("plan-too-costly", "azurerm_postgresql_flexible_server",
     {"storage_mb": 16777216}, {"storage_mb": 131072}),
    ("plan-unpriced", "google_cloud_run_v2_service",
     accelerated("nvidia-l4"), run("1")),
    ("plan-unpriced", "azurerm_postgresql_flexible_server",
     {"storage_tier": "P80"}, {"storage_mb": 32768}),
    ("plan-too-costly", "azurerm_kubernetes_cluster_node_pool",
     {"os_disk_size_gb": 30000}, {"os_disk_size_gb": 128, "os_disk_type": "Managed"}),
    careful=CAREFUL,
)  # fmt: skip


def granted(kind: str, *roles: str, members: tuple[str, ...] = ("group:a@b.example",)) -> Json:
    """Return what a whole policy of Google's grants."""
    bindings: JsonValue = [{"role": role, "members": [*members]} for role in roles]
    return {"policy_data": json.dumps({"bindings": bindings}), "bucket": kind}


def unknown(kind: str, after: Json, name: str) -> Case:
    """Return a plan of one resource, of which something that is given is unknown."""
    provider = GOOGLE if kind.startswith("google_") else AWS
    made = change(kind, after=after, unknown={name: True}, provider=provider)
    return Case((made,), configuration(kind, {**after, name: None}))


def rule(**edits: JsonValue) -> Json:
    """Return a rule of a group of AWS' that lets in."""
    return {"type": "ingress", "from_port": 443, "to_port": 443, "protocol": "tcp", **edits}


def statement(**said: JsonValue) -> Json:
    """Return a policy with one statement that allows."""
    return {
        "policy": json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **said}})
    }


def reads(**said: JsonValue) -> Json:
    """Return a document with one statement."""
    return {"statement": [{"effect": "Allow", **said}]}


def deletes(action: str, **condition: JsonValue) -> Json:
    """Return a rule of a bucket of Google's."""
    return {"lifecycle_rule": [{"action": [{"type": action}], "condition": [condition]}]}


def lets(**edits: JsonValue) -> Json:
    """Return a rule of Azure's that lets in."""
    return {"direction": "Inbound", "access": "Allow", **edits}


ROLE = "arn:aws:iam::1:role"
GATEWAY = EXTRA["azurerm_application_gateway"]
ENABLED: Json = {"is_enabled": True, "enable_key_rotation": True}
CAREFUL_TOO: dict[str, Json] = {
    **CAREFUL,
    "google_storage_bucket_iam_binding": {"role": "roles/storage.objectViewer"},
    "azurerm_storage_account_network_rules": {"default_action": "Deny"},
    "azurerm_network_watcher_flow_log": {"enabled": True},
    "aws_route53_zone": {"name": "a.example", "vpc": [{"vpc_id": "vpc-1"}]},
    "aws_vpc_security_group_ingress_rule": {},
    "google_project_iam_binding": {"role": "roles/viewer"},
    "google_compute_firewall": {"direction": "INGRESS", "allow": [{"protocol": "tcp"}]},
    "aws_s3_bucket_policy": {},
    "aws_lb": {"internal": True},
    "aws_ecr_repository": {"encryption_configuration": [{"encryption_type": "KMS"}]},
    "azurerm_network_security_rule": lets(source_address_prefix="10.0.0.0/8"),
    "azurerm_container_registry": {
        "public_network_access_enabled": False, "admin_enabled": False, "location": "eu-west-1"
    },
}  # fmt: skip
OPENED = faults(
    # AWS
    ("plan-exposes", "aws_security_group_rule",
     rule(ipv6_cidr_blocks=["::/0"]), rule(ipv6_cidr_blocks=["fd00::/8"])),
    ("plan-exposes", "aws_security_group_rule",
     rule(cidr_blocks=["0.0.0.0/0"]), rule(cidr_blocks=["0.0.0.0/0"], type="egress")),
    ("plan-exposes", "aws_security_group_rule",
     rule(cidr_blocks=["0.0.0.0/1", "128.0.0.0/1"]), rule(cidr_blocks=["10.0.0.0/8"])),
    ("plan-exposes", "aws_security_group_rule",
     rule(prefix_list_ids=["pl-3b927c52"]), rule(prefix_list_ids=[], self=True)),
    ("plan-exposes", "aws_vpc_security_group_ingress_rule",
     {"prefix_list_id": "pl-3b927c52"}, {"referenced_security_group_id": "sg-1"}),
    ("plan-exposes", "aws_vpc_security_group_ingress_rule",
     {"cidr_ipv6": "::/1"}, {"cidr_ipv6": "fd12:3456::/48"}),
    ("plan-exposes", "aws_security_group",
     {"ingress": [{"cidr_blocks": ["10.0.0.0/8"], "prefix_list_ids": ["pl-1"]}]},
     {"ingress": [{"cidr_blocks": ["10.0.0.0/8"]}], "egress": [{"prefix_list_ids": ["pl-1"]}]}),
    ("plan-exposes", "aws_security_group",
     {"ingress": [{"cidr_blocks": ["10.0.0.0/8"]}, {"cidr_blocks": ["64.0.0.0/2"]}]},
     {"ingress": [{"cidr_blocks": ["10.0.0.0/8", "172.16.0.0/12"]}]}),
    ("plan-exposes", "aws_subnet",
     {"map_public_ip_on_launch": False, "assign_ipv6_address_on_creation": True},
     {"map_public_ip_on_launch": False, "assign_ipv6_address_on_creation": False}),
    ("plan-exposes", "aws_route53_zone", {"vpc": []}, {"comment": "private"}),
    ("plan-exposes", "aws_lb", {"internal": None}, {"load_balancer_type": "network"}),
    ("plan-exposes", "aws_s3_bucket_policy",
     statement(Action="s3:GetObject", Principal={"AWS": "*"},
               Condition={"StringLike": {"aws:Referer": "*"}}),
     statement(Action="s3:GetObject", Principal={"AWS": f"{ROLE}/a"})),
    ("plan-exposes", "aws_s3_bucket_policy",
     statement(Action="s3:GetObject", Principal={"AWS": [f"{ROLE}/a", "*"]}),
     statement(Effect="Deny", Action="s3:*", Principal="*")),
    ("plan-exposes", "aws_kms_key_policy",
     statement(Action="kms:Decrypt", Principal="*"),
     statement(Action="kms:*", Principal={"AWS": "arn:aws:iam::1:root"})),
    ("plan-exposes", "aws_secretsmanager_secret_policy",
     statement(Action="secretsmanager:GetSecretValue", Principal={"AWS": "*"}),
     statement(Action="secretsmanager:GetSecretValue", Principal={"AWS": f"{ROLE}/a"})),
    ("plan-exposes", "aws_ecr_repository_policy",
     statement(Action=["ecr:BatchGetImage"], Principal={"AWS": ["*"]}),
     statement(Action=["ecr:BatchGetImage"], Principal={"AWS": ["arn:aws:iam::1:root"]})),
    ("plan-exposes", "aws_eks_cluster",
     {"vpc_config": [{"endpoint_public_access": True, "public_access_cidrs": ["10.0.0.0/8"]}]},
     {"vpc_config": [{"endpoint_public_access": False, "endpoint_private_access": True}]}),
    ("plan-exposes", "aws_security_group_rule",
     rule(cidr_blocks=["52.0.0.0/8"]), rule(cidr_blocks=["100.64.0.0/10", "192.168.0.0/16"])),
    ("plan-exposes", "aws_security_group",
     {"ingress": [{"cidr_blocks": ["8.0.0.0/9"]}]}, {"ingress": [{"cidr_blocks": ["10.0.0.0/9"]}]}),
    ("plan-exposes", "aws_security_group",
     {"ingress": [{"cidr_blocks": ["172.0.0.0/8"]}]},
     {"ingress": [{"cidr_blocks": ["203.0.113.0/24"]}]}),
    ("plan-exposes", "aws_vpc_security_group_ingress_rule",
     {"cidr_ipv6": "2600::/12"}, {"cidr_ipv6": "2600:1f14:aaa::/56"}),
    # Google
    ("plan-exposes", "google_storage_bucket_iam_binding",
     {"members": ["group:a@b.example", "allUsers"]}, {"members": ["group:a@b.example"]}),
    ("plan-exposes", "google_storage_bucket_iam_binding",
     {"members": ["allAuthenticatedUsers"]}, {"members": ["serviceAccount:a@p.example"]}),
    ("plan-exposes", "google_service_account_iam_binding",
     {"role": "roles/iam.workloadIdentityUser", "members": [f"principalSet:{POOL}/*"]},
     {"role": "roles/iam.workloadIdentityUser",
      "members": [f"principal:{POOL}/subject/repo:a/b:ref:refs/heads/main"]}),
    ("plan-exposes", "google_storage_bucket_iam_policy",
     granted("b", "roles/storage.objectViewer", members=("allUsers",)),
     granted("b", "roles/storage.objectViewer")),
    ("plan-exposes", "google_bigquery_dataset_iam_member",
     {"role": "roles/bigquery.dataViewer", "member": "allAuthenticatedUsers"},
     {"role": "roles/bigquery.dataViewer", "member": "group:a@b.example"}),
    ("plan-exposes", "google_cloud_run_v2_service_iam_member",
     {"role": "roles/run.invoker", "member": "allUsers"},
     {"role": "roles/run.invoker", "member": "serviceAccount:a@p.iam.gserviceaccount.com"}),
    ("plan-exposes", "google_cloud_run_v2_service",
     {"invoker_iam_disabled": True}, {"invoker_iam_disabled": False}),
    ("plan-exposes", "google_compute_address",
     {"address_type": "EXTERNAL"}, {"address_type": "INTERNAL"}),
    ("plan-exposes", "google_compute_global_address",
     {"address_type": "EXTERNAL"}, {"address_type": "INTERNAL", "purpose": "VPC_PEERING"}),
    ("plan-exposes", "google_dns_managed_zone",
     {"visibility": "public"}, {"visibility": "private"}),
    ("plan-exposes", "google_compute_firewall",
     {"source_ranges": ["0.0.0.0/1", "128.0.0.0/1"]}, {"source_ranges": ["35.191.0.0/16"]}),
    ("plan-exposes", "google_compute_firewall",
     {"source_ranges": ["::/0"]}, {"source_ranges": [], "source_tags": ["web"]}),
    ("plan-exposes", "google_container_cluster",
     {"enable_shielded_nodes": False}, {"enable_shielded_nodes": True}),
    ("plan-exposes", "google_container_cluster",
     {"rbac_binding_config": [{"enable_insecure_binding_system_unauthenticated": True}]},
     {"rbac_binding_config": [{"enable_insecure_binding_system_unauthenticated": False}]}),
    ("plan-exposes", "google_storage_bucket",
     {"uniform_bucket_level_access": False}, {"uniform_bucket_level_access": True}),
    ("plan-exposes", "google_storage_bucket",
     {"public_access_prevention": "inherited"}, {"storage_class": "STANDARD"}),
    # Azure
    ("plan-exposes", "azurerm_application_gateway",
     {"frontend_ip_configuration": [
         {"name": "a", "private_ip_address": "10.0.0.4"}, {"public_ip_address_id": "/ip"}]},
     {"frontend_ip_configuration": [{"name": "a", "private_ip_address": "10.0.0.4"}]}),
    ("plan-exposes", "azurerm_network_security_rule",
     lets(source_address_prefix="Any"), lets(source_address_prefix="VirtualNetwork")),
    ("plan-exposes", "azurerm_network_security_rule",
     lets(source_address_prefix=None, source_address_prefixes=["0.0.0.0/1", "128.0.0.0/1"]),
     lets(source_address_prefix=None, source_address_prefixes=["10.1.0.0/16"])),
    ("plan-exposes", "azurerm_network_security_group",
     {"security_rule": [lets(source_address_prefix="10.0.0.0/8"),
                        lets(source_address_prefix="INTERNET")]},
     {"security_rule": [lets(source_address_prefix="10.0.0.0/8"),
                        lets(source_address_prefix="*", access="Deny")]}),
    ("plan-exposes", "azurerm_network_security_rule",
     lets(source_address_prefix="20.0.0.0/11"), lets(source_address_prefix="20.1.2.0/24")),
    ("plan-exposes", "azurerm_container_app_environment",
     {"public_network_access": "Enabled"}, {"public_network_access": "Disabled"}),
    ("plan-exposes", "azurerm_storage_account_network_rules",
     {"default_action": "Allow"}, {"ip_rules": ["10.0.0.0/8"]}),
    ("plan-exposes", "azurerm_key_vault",
     {"network_acls": [{"default_action": "Allow", "bypass": "AzureServices"}]},
     {"network_acls": [{"default_action": "Deny", "bypass": "AzureServices"}]}),
    ("plan-exposes", "azurerm_kubernetes_cluster",
     {"service_mesh_profile": [{"external_ingress_gateway_enabled": True}]},
     {"service_mesh_profile": [{"internal_ingress_gateway_enabled": True}]}),
    ("plan-exposes", "azurerm_monitor_private_link_scope",
     {"ingestion_access_mode": "Open"},
     {"ingestion_access_mode": "PrivateOnly", "query_access_mode": "PrivateOnly"}),
    ("plan-unaudited", "azurerm_network_watcher_flow_log", {"enabled": False}, {"version": 2}),
    careful=CAREFUL_TOO,
)  # fmt: skip
WILD = faults(
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="iam:PassRole", Resource="*"),
     statement(Action="iam:PassRole", Resource=f"{ROLE}/nodes")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action=["s3:GetObject", "IAM:passrole"], Resource=["*"]),
     statement(Action=["s3:GetObject", "s3:ListBucket"], Resource=["*"])),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="iam:PassRole", NotResource="arn:aws:iam::1:role/a"),
     statement(Action="iam:GetRole", NotResource="arn:aws:iam::1:role/a")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="iam:PassRole", Resource="arn:aws:iam::*:role/*"),
     statement(Action="sts:AssumeRole", Resource=[f"{ROLE}/a", f"{ROLE}/b"])),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="sts:AssumeRole", Resource="*"), statement(Action="sts:GetCallerIdentity")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="iam:Create*", Resource="*"), statement(Action="iam:List*", Resource="*")),
    ("plan-wildcard", "aws_iam_policy",
     statement(NotAction=["iam:*"], Resource="*"),
     statement(Action=["ec2:Describe*"], Resource="*")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="*:*", Resource="*"), statement(Action="logs:PutLogEvents", Resource="*")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="s?:GetObject", Resource="*"), statement(Action="s3:GetObject")),
    ("plan-wildcard", "aws_iam_role_policy",
     statement(Action="iam:*", Resource="*"), statement(Action="iam:GetUser", Resource="*")),
    ("plan-wildcard", "aws_iam_role",
     {"assume_role_policy": "{}",
      "inline_policy": [statement(Action="iam:PassRole", Resource="*")]},
     {"assume_role_policy": "{}", "inline_policy": [statement(Action="s3:GetObject")]}),
    ("plan-wildcard", "aws_iam_role_policy_attachment",
     {"policy_arn": "arn:aws:iam::aws:policy/job-function/SystemAdministrator"},
     {"policy_arn": "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"}),
    ("plan-wildcard", "google_service_account_iam_member",
     {"role": "roles/owner", "member": "group:a@b.example"},
     {"role": "roles/iam.serviceAccountUser", "member": "group:a@b.example"}),
    ("plan-wildcard", "google_secret_manager_secret_iam_binding",
     {"role": "roles/editor", "members": ["group:a@b.example"]},
     {"role": "roles/secretmanager.secretAccessor", "members": ["group:a@b.example"]}),
    ("plan-wildcard", "google_project_iam_policy",
     granted("p", "roles/viewer", "roles/owner"), granted("p", "roles/viewer", "roles/browser")),
    ("plan-wildcard", "google_project_iam_member",
     {"role": "roles/iam.serviceAccountUser", "member": "group:a@b.example"},
     {"role": "roles/browser", "member": "group:a@b.example"}),
    ("plan-wildcard", "google_project_iam_custom_role",
     {"permissions": ["storage.objects.get", "iam.serviceAccounts.actAs"]},
     {"permissions": ["storage.objects.get", "iam.serviceAccounts.get"]}),
    ("plan-wildcard", "google_project_iam_custom_role",
     {"permissions": ["resourcemanager.projects.setIamPolicy"]},
     {"permissions": ["resourcemanager.projects.getIamPolicy"]}),
    ("plan-wildcard", "azurerm_role_assignment",
     {"role_definition_name": "Owner", "scope": "/subscriptions/1"},
     {"role_definition_name": "Reader", "scope": "/subscriptions/1"}),
    ("plan-wildcard", "azurerm_role_assignment",
     {"role_definition_name": "User Access Administrator", "scope": "/subscriptions/1"},
     {"role_definition_name": "Storage Blob Data Reader", "scope": "/subscriptions/1"}),
    ("plan-wildcard", "azurerm_role_definition",
     may("Microsoft.Authorization/roleAssignments/write"),
     may("Microsoft.Authorization/roleAssignments/read")),
    ("plan-wildcard", "azurerm_role_definition",
     may("*/WRITE"), may("Microsoft.Storage/storageAccounts/write")),
    careful=CAREFUL_TOO,
) | {
    "a document that passes every role": (
        "plan-wildcard",
        one("aws_iam_policy_document",
            reads(actions=["iam:PassRole"], resources=["*"]), mode="data"),
        one("aws_iam_policy_document",
            reads(actions=["iam:PassRole"], resources=[f"{ROLE}/a"]), mode="data"),
    ),
    "a document that passes all roles but one": (
        "plan-wildcard",
        one("aws_iam_policy_document",
            reads(actions=["iam:PassRole"], not_resources=["x"]), mode="data"),
        one("aws_iam_policy_document",
            reads(actions=["iam:GetRole"], not_resources=["x"]), mode="data"),
    ),
}  # fmt: skip
LOSABLE = faults(
    ("plan-deletable", "google_storage_bucket",
     deletes("Delete", age=1), deletes("Delete", age=365)),
    ("plan-deletable", "google_storage_bucket",
     deletes("Delete", created_before="2026-01-01"),
     deletes("SetStorageClass", created_before="2026-01-01")),
    ("plan-deletable", "google_storage_bucket",
     deletes("Delete", age=0), deletes("AbortIncompleteMultipartUpload", age=1)),
    ("plan-deletable", "aws_s3_bucket_lifecycle_configuration",
     {"rule": [{"expiration": [{"date": "2026-12-01T00:00:00Z"}]}]},
     {"rule": [{"abort_incomplete_multipart_upload": [{"days_after_initiation": 1}]}]}),
    ("plan-deletable", "aws_s3_bucket_object_lock_configuration",
     {"rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 1}]}]},
     {"rule": [{"default_retention": [{"mode": "COMPLIANCE", "years": 7}]}]}),
    ("plan-deletable", "google_sql_database_instance",
     settings_of(backup_configuration=[{"enabled": True, "location": "eu",
                 "backup_retention_settings": [{"retained_backups": 1}]}]),
     settings_of(backup_configuration=[{"enabled": True, "location": "eu",
                 "backup_retention_settings": [{"retained_backups": 30}]}])),
    ("plan-deletable", "azurerm_storage_management_policy",
     {"rule": [{"actions": [{"version": [{"delete_after_days_since_creation": 1}]}]}]},
     {"rule": [{"actions": [{"version": [{"delete_after_days_since_creation": 90}]}]}]}),
    ("plan-deletable", "azurerm_storage_management_policy",
     {"rule": [{"actions": [{"base_blob": [
         {"delete_after_days_since_creation_greater_than": 2}]}]}]},
     {"rule": [{"actions": [{"base_blob": [
         {"tier_to_cool_after_days_since_modification_greater_than": 2}]}]}]}),
    ("plan-unencrypted", "aws_ecr_repository",
     {"encryption_configuration": [{"encryption_type": "AES256"}]}, {"force_delete": False}),
    ("region-outside-residency", "google_container_node_pool",
     {"node_locations": ["eu-west-1-a", "us-east1-b"]}, {"node_locations": ["eu-west-1-a"]}),
    ("region-outside-residency", "azurerm_container_registry",
     {"georeplications": [{"location": "eastus"}]},
     {"georeplications": [{"location": "eu-west-1"}]}),
    ("region-outside-residency", "azurerm_resource_group",
     {"location": "eastus"}, {"location": "eu-west-1"}),
    ("region-outside-residency", "aws_secretsmanager_secret",
     {"replica": [{"region": "eu-west-1"}, {"region": "us-east-1"}]},
     {"replica": [{"region": "eu-west-1"}]}),
    ("region-outside-residency", "aws_instance", {"region": "us-east-1"}, {"region": "eu-west-1"}),
    ("region-left-to-the-cloud", "azurerm_storage_account",
     {"account_replication_type": "RAGZRS"}, {"account_replication_type": "LRS"}),
    careful=CAREFUL_TOO,
)  # fmt: skip
GONE = (
    "aws_ebs_snapshot", "aws_rds_cluster_instance", "aws_s3_object", "aws_s3tables_table_bucket",
    "aws_timestreaminfluxdb_db_instance", "azurerm_cosmosdb_cassandra_table", "azurerm_image",
    "azurerm_mysql_server", "google_bigtable_authorized_view", "google_compute_image",
    "google_sql_database", "google_netapp_volume",
)  # fmt: skip
LOST: dict[str, Trial] = {
    f"the loss of {kind} by {' '.join(actions)}": (
        "destruction-unapproved",
        becomes(kind, *actions, after={} if "create" in actions else None),
        becomes("google_compute_firewall", "delete"),
    )
    for kind in GONE
    for actions in (("delete",), ("create", "delete"))
} | {
    "a deposed disk": (
        "destruction-unapproved",
        becomes("aws_ebs_volume", "delete", deposed="0a1b2c3d"),
        becomes("aws_launch_template", "delete", deposed="0a1b2c3d"),
    ),
    "a disk of a for_each that goes": (
        "destruction-unapproved",
        becomes("aws_ebs_volume", "delete", address='aws_ebs_volume.this["a"]', index="a"),
        becomes("aws_volume_attachment", "delete", address='aws_volume_attachment.this["a"]'),
    ),
}
UNKNOWN: dict[str, Trial] = {
    "a rule whose addresses nobody knows": (
        "plan-exposes",
        unknown("aws_security_group_rule", rule(), "cidr_blocks"),
        unknown("aws_security_group_rule", rule(cidr_blocks=["10.0.0.0/8"]), "id"),
    ),
    "disks of a template of which nobody knows whether they are encrypted": (
        "plan-unencrypted",
        Case((change("aws_launch_template", after=mapped({"volume_size": 20}),
                     unknown={"block_device_mappings": [{"ebs": [{"encrypted": True}]}]}),)),
        one("aws_launch_template", mapped(SAFE)),
    ),
    "a key whose policy somebody gives": (
        "plan-exposes",
        unknown("aws_kms_key", ENABLED, "policy"),
        Case((change("aws_kms_key", after={**ENABLED}, unknown={"policy": True}),),
             configuration("aws_kms_key", ENABLED)),
    ),
    "who has a role, unknown": (
        "plan-exposes",
        unknown("google_storage_bucket_iam_binding",
                {"role": "roles/storage.objectViewer"}, "members"),
        unknown("google_storage_bucket_iam_binding",
                {"role": "roles/storage.objectViewer", "members": ["group:a@b.example"]}, "etag"),
    ),
    "a whole policy that nobody can read": (
        "plan-exposes",
        unknown("google_storage_bucket_iam_policy", {"bucket": "b"}, "policy_data"),
        one("google_storage_bucket_iam_policy", granted("b", "roles/storage.objectViewer")),
    ),
    "a document about something that is not made yet": (
        "plan-wildcard",
        Case((change("aws_iam_policy_document", mode="data",
                     after=reads(actions=["sts:AssumeRole"], resources=["*"])),)),
        Case((change("aws_iam_policy_document", mode="data",
                     after=reads(actions=["sts:AssumeRole"]),
                     unknown={"statement": [{"resources": [True]}]}),)),
    ),
    "a public address that is not made yet": (
        "plan-exposes",
        Case((change("azurerm_application_gateway", provider=AZURE,
                     after={**GATEWAY, "frontend_ip_configuration": [{"name": "a"}]},
                     unknown={"frontend_ip_configuration": [{"public_ip_address_id": True}]}),),
             'resource "azurerm_application_gateway" "this" {\n  frontend_ip_configuration {\n'
             '    public_ip_address_id = azurerm_public_ip.this.id\n  }\n}\n'),
        Case((change("azurerm_application_gateway", provider=AZURE,
                     after={**GATEWAY, "frontend_ip_configuration": [{"name": "a"}]},
                     unknown={"frontend_ip_configuration": [{"id": True}]}),),
             configuration("azurerm_application_gateway", GATEWAY)),
    ),
}  # fmt: skip

KEYS: dict[str, Trial] = {
    f"a key that lives long, {kind}": (
        "plan-long-lived-key",
        becomes(kind, "create", after={}),
        becomes(kind, "delete"),
    )
    for kind in (
        "aws_key_pair", "aws_iam_user_ssh_key", "google_apikeys_key", "google_sql_ssl_cert",
        "azurerm_container_registry_token_password", "azurerm_eventhub_authorization_rule",
    )
}  # fmt: skip
CASES: dict[str, Trial] = {
    **KEYS,
    **{f"ordered {name}": trial for name, trial in ORDERED.items()},
    **{f"opened {name}": trial for name, trial in OPENED.items()},
    **{f"wild {name}": trial for name, trial in WILD.items()},
    **{f"losable {name}": trial for name, trial in LOSABLE.items()},
    **LOST,
    **UNKNOWN,
}

UNPRICED = faults(
    ("plan-exposes", "aws_lambda_function_url",
     {"authorization_type": "NONE"}, {"authorization_type": "AWS_IAM"}),
    ("plan-exposes", "aws_lambda_permission", {"principal": "*"},
     {"principal": "events.amazonaws.com"}),
    ("plan-exposes", "aws_redshift_cluster",
     {"encrypted": True, "publicly_accessible": True}, {"encrypted": True}),
    ("plan-unencrypted", "aws_rds_cluster",
     {"deletion_protection": True}, {"deletion_protection": True, "storage_encrypted": True}),
    ("plan-unencrypted", "aws_efs_file_system", {"encrypted": False}, {"encrypted": True}),
    ("plan-unencrypted", "aws_launch_configuration",
     {"ebs_block_device": [{"volume_size": 8}]}, {"ebs_block_device": [{"encrypted": True}]}),
)  # fmt: skip
"""What has no price: a waiver may stand for that, and for nothing else."""


def test_what_has_no_price_is_judged_all_the_same(ask: Ask) -> None:
    wanted = {n: ({"plan-unpriced", t[0]}, {"plan-unpriced"}) for n, t in UNPRICED.items()}
    assert codes_of(ask, UNPRICED) == wanted


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_refused_for_its_own_reason(
    answers: dict[str, tuple[set[str], set[str]]], name: str
) -> None:
    assert CASES[name][0] in answers[name][0]


@pytest.mark.parametrize("name", CASES)
def test_its_harmless_twin_is_let_through(
    answers: dict[str, tuple[set[str], set[str]]], name: str
) -> None:
    assert answers[name][1] == set()
