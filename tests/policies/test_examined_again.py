"""Plans of a third examination: machines and what grows, and kinds that nobody had asked of.

A fault must be refused for its own reason, and its harmless twin let through.
"""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from policies.test_examined_clouds import (
    CAREFUL_TOO,
    ROLE,
    deletes,
    granted,
    nodes,
    statement,
    unknown,
)
from policies.test_examined_plans import (
    Case,
    Trial,
    answers,
    becomes,
    codes_of,
    faults,
    settings_of,
)
from policies.test_hand_made_plans import GOOGLE, aks, configuration
from policies.test_inputs import Json
from policies.test_properties import Ask, ask
from unit.infrastructure.plans import change

__all__ = ["answers", "ask"]  # the fixtures of neighbours

SCALED = "azurerm_linux_virtual_machine_scale_set"
MACHINE = "azurerm_linux_virtual_machine"
TEMPLATE = "google_compute_instance_template"
GROUP = "google_compute_region_instance_group_manager"
LOCKED = "azurerm_storage_container_immutability_policy"
AKS = "azurerm_kubernetes_cluster"
OWN = "a@p.iam.gserviceaccount.com"
DEFAULT = "1-compute@developer.gserviceaccount.com"
CAREFUL: dict[str, Json] = {
    **CAREFUL_TOO,
    AKS: aks("Standard_D4ds_v5", 4),
    LOCKED: {"immutability_period_in_days": 365},
    SCALED: {"sku": "Standard_D2s_v5", "instances": 3, "encryption_at_host_enabled": True},
    MACHINE: {"size": "Standard_D2s_v5", "encryption_at_host_enabled": True},
    TEMPLATE: {"machine_type": "e2-standard-2"},
    "google_compute_instance": {"machine_type": "n2-standard-4", "zone": "eu-west-1-a"},
    "google_compute_disk": {"zone": "eu-west-1-a"},
    "google_compute_region_autoscaler": {"region": "eu-west-1"},
    GROUP: {"region": "eu-west-1"},
    "azurerm_managed_disk": {"public_network_access_enabled": False},
    "aws_iam_role": {"assume_role_policy": "{}"},
}


def machine(**edits: JsonValue) -> Json:
    """Return a machine of Azure's, of which something is ordered."""
    return {"os_disk": [{"storage_account_type": "Premium_LRS", **edits}]}


def disks(*sizes: int, kind: str = "pd-balanced") -> Json:
    """Return the disks of a template of Google's."""
    return {"disk": [{"disk_size_gb": size, "disk_type": kind} for size in sizes]}


def acts(email: str) -> Json:
    """Return as whom a machine of Google's acts."""
    return {"service_account": [{"email": email, "scopes": ["cloud-platform"]}]}


def scales(most: int) -> Json:
    """Return to how many nodes a group grows."""
    return {"autoscaling_policy": [{"max_replicas": most}]}


def accelerated(number: int) -> Json:
    """Return nodes of Google's with so many accelerators each."""
    cards: JsonValue = [{"type": "nvidia-l4", "count": number}]
    return nodes(1, machine_type="g2-standard-4", guest_accelerator=cards)


def routing(controller: str) -> Json:
    """Return the routing that a cluster of Azure's brings along."""
    return {"web_app_routing": [{"default_nginx_controller": controller}]}


def profile(**policy: JsonValue) -> Json:
    """Return what one listener of a gateway asks of TLS."""
    return {"ssl_profile": [{"name": "old", "ssl_policy": [policy]}]}


GROWN = faults(
    ("plan-too-costly", SCALED, {"instances": 100}, {"instances": 4}),
    ("plan-unpriced", SCALED, {"sku": "Standard_M416ms_v2"}, {"sku": "Standard_D4s_v5"}),
    ("plan-unpriced", SCALED, {"instances": None}, {"instances": 0}),
    ("plan-too-costly", SCALED, machine(disk_size_gb=8000), machine(disk_size_gb=200)),
    ("plan-too-costly", SCALED,
     {"data_disk": [{"disk_size_gb": 4000, "storage_account_type": "Premium_LRS"}]},
     {"data_disk": [{"disk_size_gb": 100, "storage_account_type": "StandardSSD_LRS"}]}),
    ("plan-unpriced", SCALED,
     {"data_disk": [{"disk_size_gb": 100, "storage_account_type": "UltraSSD_LRS"}]},
     {"data_disk": []}),
    ("plan-exposes", SCALED,
     {"network_interface": [{"ip_configuration": [{"public_ip_address": [{"name": "a"}]}]}]},
     {"network_interface": [{"ip_configuration": [{"public_ip_address": []}]}]}),
    ("plan-exposes", SCALED,
     {"disable_password_authentication": False}, {"disable_password_authentication": True}),
    ("plan-unencrypted", SCALED,
     {"encryption_at_host_enabled": False}, {"encryption_at_host_enabled": True}),
    ("plan-unpriced", MACHINE, {"size": "Standard_ND96isr_H100_v5"}, {"size": "Standard_D8s_v5"}),
    ("plan-unencrypted", MACHINE,
     {"encryption_at_host_enabled": None}, machine(disk_size_gb=64)),
    ("plan-too-costly", "azurerm_managed_disk", {"disk_size_gb": 32000}, {"disk_size_gb": 256}),
    ("plan-exposes", "azurerm_managed_disk",
     {"public_network_access_enabled": True, "disk_size_gb": 64}, {"disk_size_gb": 64}),
    ("plan-exposes", "azurerm_network_interface",
     {"ip_configuration": [{"public_ip_address_id": "/ip"}]},
     {"ip_configuration": [{"private_ip_address_allocation": "Dynamic"}]}),
    ("plan-unpriced", "google_compute_instance",
     {"machine_type": "a3-megagpu-8g"}, {"machine_type": "e2-standard-2"}),
    ("plan-unpriced", "google_compute_instance",
     {"guest_accelerator": [{"type": "nvidia-tesla-t4", "count": 4}]}, {"guest_accelerator": []}),
    ("plan-too-costly", "google_compute_instance",
     {"boot_disk": [{"initialize_params": [{"size": 60000, "type": "pd-ssd"}]}]},
     {"boot_disk": [{"initialize_params": [{"size": 100, "type": "pd-ssd"}]}]}),
    ("plan-wildcard", "google_compute_instance", acts(DEFAULT), acts(OWN)),
    ("plan-exposes", "google_compute_instance",
     {"network_interface": [{"access_config": [{}]}]}, {"network_interface": [{}]}),
    ("region-outside-residency", "google_compute_instance",
     {"zone": "us-central1-a"}, {"zone": "eu-west-1-b"}),
    ("plan-too-costly", "google_compute_disk",
     {"size": 60000, "type": "pd-ssd"}, {"size": 500, "type": "pd-ssd"}),
    ("plan-unpriced", TEMPLATE,
     {"machine_type": "n2-standard-128"}, {"machine_type": "n2-standard-4"}),
    ("plan-unpriced", TEMPLATE, disks(201), disks(200)),
    ("plan-unpriced", TEMPLATE, disks(50, 50), disks(50)),
    ("plan-unpriced", TEMPLATE, disks(50, kind="local-ssd"), disks(50, kind="pd-standard")),
    ("plan-unpriced", TEMPLATE,
     {"guest_accelerator": [{"type": "nvidia-l4", "count": 1}]}, {"guest_accelerator": []}),
    ("plan-exposes", TEMPLATE,
     {"network_interface": [{"access_config": [{"nat_ip": None}]}]},
     {"network_interface": [{"access_config": []}]}),
    ("plan-exposes", TEMPLATE,
     {"network_interface": [{"ipv6_access_config": [{"network_tier": "PREMIUM"}]}]},
     {"network_interface": [{"subnetwork": "a"}]}),
    ("plan-exposes", TEMPLATE,
     {"metadata": {"ssh-keys": "a:ssh-rsa AAAA"}}, {"metadata": {"enable-oslogin": "TRUE"}}),
    ("plan-exposes", TEMPLATE,
     {"metadata": {"enable-oslogin": "FALSE"}}, {"metadata": {"serial-port-enable": "0"}}),
    ("plan-wildcard", TEMPLATE, acts(DEFAULT), acts(OWN)),
    ("plan-too-costly", GROUP, {"target_size": 7}, {"target_size": 6}),
    ("plan-unpriced", GROUP, {"target_suspended_size": 4}, {"target_size": 0}),
    ("plan-too-costly", "google_compute_region_autoscaler", scales(7), scales(6)),
    ("plan-unpriced", "google_compute_region_autoscaler",
     {"autoscaling_policy": [{}]}, scales(1)),
    ("plan-unpriced", "google_container_node_pool", accelerated(4), accelerated(1)),
    ("plan-exposes", "google_container_cluster",
     {"enable_autopilot": True}, {"enable_autopilot": False}),
    # What grows by itself has a bound.
    ("plan-unpriced", "google_sql_database_instance",
     settings_of(disk_autoresize=True),
     settings_of(disk_autoresize=True, disk_autoresize_limit=99)),
    ("plan-unpriced", "google_sql_database_instance",
     settings_of(disk_autoresize=None, disk_autoresize_limit=0),
     settings_of(disk_autoresize=False, disk_autoresize_limit=0)),
    ("plan-unpriced", "azurerm_postgresql_flexible_server",
     {"auto_grow_enabled": True}, {"auto_grow_enabled": False}),
    ("plan-unpriced", "azurerm_log_analytics_workspace",
     {"sku": "CapacityReservation", "reservation_capacity_in_gb_per_day": 100},
     {"sku": "PerGB2018"}),
    ("plan-too-costly", "azurerm_container_registry",
     {"georeplications": [{"location": "eu-west-1"}] * 22},
     {"georeplications": [{"location": "eu-west-1"}]}),
    ("plan-too-costly", AKS, {"sku_tier": "Premium"}, {"sku_tier": "Standard"}),
    careful=CAREFUL,
)  # fmt: skip
OPENED = faults(
    ("plan-exposes", "aws_eip", {"instance": "i-1"}, {"domain": "vpc", "instance": ""}),
    ("plan-exposes", "aws_instance", {"ipv6_address_count": 1}, {"ipv6_address_count": 0}),
    ("plan-wildcard", "aws_eks_access_entry",
     {"kubernetes_groups": ["system:masters"]}, {"kubernetes_groups": ["viewers"]}),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="iam:AttachRolePolicy", Resource="*"),
     statement(Action="iam:CreateServiceLinkedRole", Resource="*")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action=["iam:CreateAccessKey"], Resource="*"),
     statement(Action=["iam:GetAccessKeyLastUsed"], Resource="*")),
    ("plan-wildcard", "aws_iam_role_policy",
     statement(Action="iam:PutRolePolicy", Resource=f"{ROLE}/*"),
     statement(Action="iam:PutRolePolicy", Resource=f"{ROLE}/a")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="sts:AssumeRole", Resource="arn:aws:iam::*:role/administrator"),
     statement(Action="sts:AssumeRole", Resource=f"{ROLE}/reader-*")),
    ("plan-wildcard", "aws_iam_policy",
     statement(Action="iam:CreatePolicyVersion", Resource="arn:aws:iam::1:policy/*"),
     statement(Action="iam:ListPolicyVersions", Resource="arn:aws:iam::1:policy/*")),
    ("region-outside-residency", "aws_ecr_replication_configuration",
     {"replication_configuration": [{"rule": [{"destination": [{"region": "us-east-1"}]}]}]},
     {"replication_configuration": [{"rule": [{"destination": [{"region": "eu-west-1"}]}]}]}),
    ("plan-wildcard", "google_project_iam_member",
     {"role": "roles/compute.instanceAdmin.v1"}, {"role": "roles/compute.viewer"}),
    ("plan-wildcard", "google_project_iam_policy",
     granted("p", "roles/compute.instanceAdmin.v1"), granted("p", "roles/compute.viewer")),
    ("plan-unaudited", "google_logging_project_sink",
     {"exclusions": [{"name": "a", "filter": 'logName:"cloudaudit.googleapis.com"'}]},
     {"exclusions": [{"name": "a", "filter": "severity < INFO"}]}),
    ("plan-deletable", "google_storage_bucket",
     {"retention_policy": [{"retention_period": "86400"}]},
     {"retention_policy": [{"retention_period": "604800"}]}),
    ("plan-deletable", "google_storage_bucket",
     deletes("Delete", age=6), deletes("Delete", num_newer_versions=3, age=30)),
    ("plan-exposes", AKS, routing("External"), routing("Internal")),
    ("plan-exposes", AKS, routing("AnnotationControlled"), routing("None")),
    ("plan-exposes", AKS,
     {"private_cluster_public_fqdn_enabled": True}, {"private_cluster_public_fqdn_enabled": False}),
    ("plan-deletable", LOCKED,
     {"immutability_period_in_days": 6}, {"immutability_period_in_days": 7}),
    ("plan-unencrypted", "azurerm_application_gateway",
     profile(min_protocol_version="TLSv1_0"), profile(min_protocol_version="TLSv1_2")),
    ("plan-unencrypted", "azurerm_application_gateway",
     profile(policy_name="AppGwSslPolicy20170401"), profile(policy_name="AppGwSslPolicy20220101")),
    ("plan-unaudited", "azurerm_network_watcher_flow_log",
     {"retention_policy": [{"enabled": True, "days": 1}]},
     {"retention_policy": [{"enabled": True, "days": 90}]}),
    ("plan-exposes", "azurerm_container_app_environment",
     {"public_network_access": "Enabled"}, {"public_network_access": "Disabled"}),
    careful=CAREFUL,
)  # fmt: skip
LOST: dict[str, Trial] = {
    f"the loss of {kind}": (
        "destruction-unapproved",
        becomes(kind, "delete"),
        becomes("google_compute_instance_template", "delete"),
    )
    for kind in (
        "aws_bedrock_custom_model", "aws_codecommit_repository",
        "aws_config_configuration_recorder", "aws_sagemaker_feature_group",
        "aws_sagemaker_model_package_group", "azurerm_app_configuration_key",
        "azurerm_databricks_workspace", "google_logging_folder_sink",
        "google_vertex_ai_featurestore", "google_workbench_instance",
    )
}  # fmt: skip
KEYS: dict[str, Trial] = {
    f"a key that lives long, {kind}": (
        "plan-long-lived-key",
        becomes(kind, "create", after={}),
        becomes(kind, "delete"),
    )
    for kind in (
        "aws_appsync_api_key", "aws_iam_server_certificate", "aws_lightsail_key_pair",
        "azurerm_api_management_subscription", "azurerm_iothub_shared_access_policy",
        "azurerm_relay_namespace_authorization_rule", "azurerm_ssh_public_key",
        "google_os_login_ssh_public_key",
    )
}  # fmt: skip


def acting(email: str) -> Case:
    """Return a template that acts as an account which is made beside it, or as nobody says."""
    made = change(
        TEMPLATE,
        after={"machine_type": "e2-standard-2", "service_account": [{"scopes": ["a"]}]},
        unknown={"service_account": [{"email": True}]},
        provider=GOOGLE,
    )
    account = change("google_service_account", unknown={"email": True}, after={}, provider=GOOGLE)
    body = f'  service_account {{\n    scopes = ["a"]\n{email}  }}\n'
    hcl = f'resource "{TEMPLATE}" "this" {{\n{body}}}\n'
    return Case((made, account), hcl + configuration("google_service_account", {}))


UNKNOWN: dict[str, Trial] = {
    "machines of an account that nobody names": (
        "plan-wildcard", acting(""), acting("    email = google_service_account.this.email\n")
    ),
    "nodes of which nobody knows how many": (
        "plan-unpriced",
        unknown(GROUP, {"region": "eu-west-1", "target_size": 1}, "target_size"),
        Case((change(GROUP, after={"region": "eu-west-1"}, unknown={"target_size": True},
                     provider=GOOGLE),),
             configuration(GROUP, {"region": None})),
    ),
}  # fmt: skip
CASES: dict[str, Trial] = {
    **{f"grown {name}": trial for name, trial in GROWN.items()},
    **{f"opened {name}": trial for name, trial in OPENED.items()},
    **LOST,
    **KEYS,
    **UNKNOWN,
}


def allows(principal: JsonValue) -> str:
    """Return a policy that lets a principal do one thing."""
    said: Json = {"Effect": "Allow", "Action": "es:ESHttpGet", "Principal": principal}
    return json.dumps({"Statement": [said]})


DATABASE: Json = {"storage_encrypted": True, "deletion_protection": True}
PRIVATE: Json = {"public_network_access_enabled": False}
EVERYBODY: Json = {"Action": "sqs:SendMessage", "Principal": "*"}
SOMEBODY: Json = {"Action": "sqs:SendMessage", "Principal": {"AWS": f"{ROLE}/a"}}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
READER = "arn:aws:iam::aws:policy/ReadOnlyAccess"
UNPRICED = faults(
    ("plan-wildcard", "aws_iam_user_policy_attachment",
     {"policy_arn": ADMINISTRATOR}, {"policy_arn": READER}),
    ("plan-wildcard", "aws_iam_group_policy",
     statement(Action="*", Resource="*"), statement(Action="s3:GetObject")),
    ("plan-wildcard", "aws_ssoadmin_managed_policy_attachment",
     {"managed_policy_arn": ADMINISTRATOR}, {"managed_policy_arn": READER}),
    ("plan-exposes", "aws_sqs_queue_policy", statement(**EVERYBODY), statement(**SOMEBODY)),
    ("plan-exposes", "aws_sns_topic_policy", statement(**EVERYBODY), statement(**SOMEBODY)),
    ("plan-exposes", "aws_rds_cluster_instance",
     {"publicly_accessible": True}, {"publicly_accessible": False}),
    ("plan-exposes", "aws_opensearch_domain",
     {"encrypt_at_rest": [{"enabled": True}], "access_policies": allows("*")},
     {"encrypt_at_rest": [{"enabled": True}], "access_policies": allows({"AWS": f"{ROLE}/a"})}),
    ("plan-unencrypted", "aws_opensearch_domain",
     {"encrypt_at_rest": []}, {"encrypt_at_rest": [{"enabled": True}]}),
    ("plan-unencrypted", "aws_docdb_cluster", {**DATABASE, "storage_encrypted": None}, DATABASE),
    ("plan-deletable", "aws_rds_cluster", {**DATABASE, "deletion_protection": False}, DATABASE),
    ("plan-deletable", "aws_neptune_cluster", {**DATABASE, "deletion_protection": None}, DATABASE),
    ("plan-deletable", "aws_dynamodb_table", {}, {"deletion_protection_enabled": True}),
    ("region-outside-residency", "aws_dynamodb_table",
     {"deletion_protection_enabled": True, "replica": [{"region_name": "us-east-1"}]},
     {"deletion_protection_enabled": True, "replica": [{"region_name": "eu-west-1"}]}),
    ("region-left-to-the-cloud", "aws_s3_bucket_replication_configuration",
     {"role": f"{ROLE}/a"}, {"bucket": "a"}),
    ("plan-exposes", "google_compute_global_forwarding_rule",
     {"load_balancing_scheme": "EXTERNAL_MANAGED"}, {"load_balancing_scheme": "INTERNAL_MANAGED"}),
    ("plan-exposes", "google_storage_bucket_access_control",
     {"entity": "allUsers"}, {"entity": "group-a@b.example"}),
    ("plan-exposes", "google_storage_default_object_access_control",
     {"entity": "allAuthenticatedUsers"}, {"entity": "group-a@b.example"}),
    ("plan-exposes", "google_storage_bucket_acl",
     {"role_entity": ["READER:allUsers"]}, {"role_entity": ["READER:group-a@b.example"]}),
    ("plan-exposes", "google_storage_bucket_acl",
     {"predefined_acl": "publicRead"}, {"predefined_acl": "private"}),
    ("plan-exposes", "google_bigquery_dataset",
     {"access": [{"special_group": "allAuthenticatedUsers"}]},
     {"access": [{"special_group": "projectOwners"}]}),
    ("plan-exposes", "google_bigquery_dataset_access",
     {"iam_member": "allUsers"}, {"iam_member": "group:a@b.example"}),
    ("plan-unaudited", "google_logging_project_exclusion",
     {"filter": 'logName:"cloudaudit.googleapis.com"'}, {"filter": "severity < INFO"}),
    ("region-outside-residency", "google_firestore_database",
     {"location_id": "nam5"}, {"location_id": "eu-west-1"}),
    ("region-outside-residency", "google_compute_snapshot",
     {"storage_locations": ["us"]}, {"storage_locations": ["eu-west-1"]}),
    ("plan-exposes", "azurerm_cosmosdb_account",
     {"public_network_access_enabled": True}, PRIVATE),
    ("plan-exposes", "azurerm_postgresql_flexible_server_firewall_rule",
     {"start_ip_address": "0.0.0.1", "end_ip_address": "255.255.255.255"},
     {"start_ip_address": "10.0.0.1", "end_ip_address": "10.0.0.9"}),
    ("plan-exposes", "azurerm_container_group",
     {"ip_address_type": "Public"}, {"ip_address_type": "Private"}),
    ("plan-exposes", "azurerm_lb",
     {"frontend_ip_configuration": [{"public_ip_address_id": "/ip"}]},
     {"frontend_ip_configuration": [{"subnet_id": "/subnet"}]}),
    ("plan-unencrypted", "azurerm_redis_cache", {**PRIVATE, "non_ssl_port_enabled": True}, PRIVATE),
    ("plan-unencrypted", "azurerm_mssql_server",
     {**PRIVATE, "minimum_tls_version": "1.0"}, {**PRIVATE, "minimum_tls_version": "1.2"}),
    careful={},
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
