"""Plans of a fourth examination: rights that reach further than they look, rules that delete.

A fault must be refused for its own reason, and its harmless twin let through.
"""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from policies.test_examined_again import CAREFUL
from policies.test_examined_clouds import deletes, statement
from policies.test_examined_plans import EXTRA, Case, Trial, answers, faults, one
from policies.test_hand_made_plans import GOOD
from policies.test_inputs import Json
from policies.test_properties import ask
from unit.infrastructure.plans import change

__all__ = ["answers", "ask"]  # the fixtures of neighbours

HOLDS = "aws_iam_policy_document"
ACCOUNT = "arn:aws:iam::111122223333:root"
ROLE = "arn:aws:iam::111122223333:role/team"
ASSIGNED = "azurerm_role_assignment"
DEFINED = "azurerm_role_definition"
VAULT = "azurerm_key_vault"
LOGS = "azurerm_log_analytics_workspace"
BUCKET = "google_storage_bucket"
LOCK = "aws_s3_bucket_object_lock_configuration"
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/a"
ABOVE = "/providers/Microsoft.Management/managementGroups/all"
STORE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"
ROLES = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
ADMINISTERS_VAULTS = f"{ROLES}/00482a5a-887f-4fb3-b363-3b7fe8e74483"
SCALED = "aws_autoscaling_group"
FLEXIBLE = "azurerm_orchestrated_virtual_machine_scale_set"
LAUNCHED = "aws_launch_template"
ENCRYPTED: Json = {"block_device_mappings": [{"ebs": [{"encrypted": "true"}]}]}
BASE: dict[str, Json] = {**GOOD, **EXTRA, **CAREFUL}


def waiting(**conditions: JsonValue) -> Json:
    """Return a rule that deletes the objects of a bucket of Google's on conditions."""
    return deletes("Delete", **conditions)


def assigned(role: str, scope: str, by: str = "role_definition_name") -> Json:
    """Return a role of Azure's for somebody."""
    return {"role_definition_name": None, by: role, "scope": scope}


def vault(kind: str, *rights: str) -> Json:
    """Return what a vault's own list lets somebody do."""
    return {"access_policy": [{f"{kind}_permissions": [*rights]}]}


def may(*actions: str, kind: str = "actions") -> Json:
    """Return what a role of Azure's own may do."""
    return {"permissions": [{kind: [*actions]}]}


def of_key(*who: str, action: str = "kms:*") -> Case:
    """Return a document that lets somebody do something with a key; nobody: whoever has it."""
    principals: JsonValue = [{"type": "AWS", "identifiers": [*who]}] if who else []
    said: Json = {"effect": "Allow", "actions": [action], "principals": principals}
    return one(HOLDS, {"statement": [said]}, mode="data")


def trusting(who: str, action: str = "sts:AssumeRole") -> Json:
    """Return a role's trust, written out."""
    said: Json = {"Effect": "Allow", "Action": action, "Principal": {"AWS": [who]}}
    return {"assume_role_policy": json.dumps({"Statement": [said]})}


def brought_in(who: str, by: str = "source_policy_documents") -> Case:
    """Return a document that holds a role's trust by another one."""
    return one(HOLDS, {by: [*trusting(who).values()]}, mode="data")


def kept(**policy: JsonValue) -> Json:
    """Return a policy of a key, written out."""
    return {"policy": json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*", **policy}]})}


def rule(**expiration: JsonValue) -> Json:
    """Return a rule of a bucket of AWS' by its own argument."""
    return {"lifecycle_rule": [{"enabled": True, "expiration": [expiration]}]}


def member(role: str, who: str = "group:a@b.example") -> Json:
    """Return a grant of Google's."""
    return {"role": role, "member": who}


def choosing(*overrides: Json) -> Case:
    """Return a group of AWS' that chooses among sizes, of a template beside it."""
    hcl = """
resource "aws_autoscaling_group" "this" {
  max_size = 1
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.a.id
      }
      dynamic "override" {
        for_each = var.overrides
        content {
          instance_type = override.value
        }
      }
    }
  }
}
"""
    policy: Json = {"launch_template": [{"override": [*overrides]}]}
    return beside({"max_size": 1, "mixed_instances_policy": [policy]}, hcl)


def beside(after: Json, hcl: str) -> Case:
    """Return a group of AWS' beside a template."""
    template: Json = {**ENCRYPTED, "instance_type": "m7i.large"}
    return Case((change(SCALED, after=after), change(LAUNCHED, "a", after=template)), hcl)


def group(template: str) -> Case:
    """Return a group of AWS' beside a template, and what its configuration says is its own."""
    hcl = f"""
resource "aws_autoscaling_group" "this" {{
  max_size = 1
  launch_template {{
    id = {template}
  }}
}}
"""
    return beside({"max_size": 1, "launch_template": [{"id": "lt-0123456789abcdef0"}]}, hcl)


def flexible(**edits: JsonValue) -> Json:
    """Return machines of Azure's that are made alike."""
    return {
        "location": "eu-west-1", "sku_name": "Standard_D2s_v5", "instances": 2,
        "encryption_at_host_enabled": True, **edits,
    }  # fmt: skip


def system(**settings: JsonValue) -> Json:
    """Return such machines with what is said of Linux on them."""
    return flexible(os_profile=[{"linux_configuration": [settings]}])


DELETES = faults(
    ("plan-deletable", BUCKET, waiting(matches_prefix=["a/"]),
     waiting(matches_prefix=["a/"], age=400)),
    ("plan-deletable", BUCKET, waiting(), waiting(age=7)),
    ("plan-deletable", BUCKET, waiting(num_newer_versions=1),
     waiting(num_newer_versions=1, days_since_noncurrent_time=30)),
    ("plan-deletable", BUCKET, waiting(with_state="ARCHIVED", days_since_noncurrent_time=1),
     waiting(with_state="ARCHIVED", days_since_noncurrent_time=90)),
    ("plan-deletable", BUCKET, waiting(days_since_custom_time=0),
     waiting(days_since_custom_time=30)),
    ("plan-deletable", BUCKET, {"lifecycle_rule": [{"action": [{"type": "Delete"}]}]},
     {"lifecycle_rule": [{"action": [{"type": "AbortIncompleteMultipartUpload"}]}]}),
    ("plan-deletable", BUCKET, waiting(noncurrent_time_before="2030-01-01"),
     waiting(noncurrent_time_before="2030-01-01", age=30)),
    ("plan-deletable", LOCK,
     {"rule": [{"default_retention": [{"mode": "GOVERNANCE", "days": 365}]}]},
     {"rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 365}]}]}),
    ("plan-deletable", "aws_route53_zone", {"force_destroy": True}, {"force_destroy": False}),
    ("plan-deletable", "aws_db_instance",
     {"backup_retention_period": 1}, {"backup_retention_period": 7}),
    ("plan-deletable", "aws_kms_key", {"bypass_policy_lockout_safety_check": True},
     {"bypass_policy_lockout_safety_check": False}),
    ("plan-deletable", "google_container_cluster",
     {"deletion_protection": False}, {"deletion_protection": True}),
    ("plan-deletable", "azurerm_storage_management_policy",
     {"rule": [{"actions": [
         {"snapshot": [{"delete_after_days_since_creation_greater_than": 0}]}]}]},
     {"rule": [{"actions": [
         {"snapshot": [{"delete_after_days_since_creation_greater_than": 30}]}]}]}),
    ("plan-deletable", VAULT, vault("key", "Get", "Purge"), vault("key", "Get", "WrapKey")),
    ("plan-deletable", VAULT, vault("secret", "purge"), vault("secret", "Get")),
    ("plan-deletable", VAULT, vault("certificate", "Purge"), vault("certificate", "Get")),
    ("plan-deletable", VAULT, vault("storage", "Purge"), vault("storage", "Get")),
    ("plan-deletable", DEFINED, may("Microsoft.KeyVault/locations/deletedVaults/purge/action"),
     may("Microsoft.KeyVault/deletedVaults/read")),
    ("plan-deletable", DEFINED,
     may("Microsoft.KeyVault/vaults/keys/purge/action", kind="data_actions"),
     may("Microsoft.KeyVault/vaults/keys/read", kind="data_actions")),
    careful=BASE,
)  # fmt: skip
RIGHTS = faults(
    ("plan-wildcard", ASSIGNED, assigned("Key Vault Administrator", SUBSCRIPTION),
     assigned("Key Vault Administrator", f"{GROUP}/providers/Microsoft.KeyVault/vaults/a")),
    ("plan-wildcard", ASSIGNED, assigned("Storage Blob Data Owner", ABOVE),
     assigned("Storage Blob Data Owner", STORE)),
    ("plan-wildcard", ASSIGNED, assigned("Storage Blob Data Contributor", f"{SUBSCRIPTION}/"),
     assigned("Storage Blob Data Reader", f"{SUBSCRIPTION}/")),
    ("plan-wildcard", ASSIGNED, assigned("Key Vault Secrets User", "/"),
     assigned("Key Vault Secrets User", f"{GROUP}/providers/Microsoft.KeyVault/vaults/a")),
    ("plan-wildcard", ASSIGNED,
     assigned("Azure Kubernetes Service Cluster Admin Role", SUBSCRIPTION),
     assigned("Azure Kubernetes Service Cluster User Role", SUBSCRIPTION)),
    ("plan-wildcard", ASSIGNED, assigned("Virtual Machine Administrator Login", SUBSCRIPTION),
     assigned("Monitoring Reader", SUBSCRIPTION)),
    ("plan-wildcard", ASSIGNED, assigned("Role Based Access Control Administrator", GROUP),
     assigned("Managed Identity Operator", f"{GROUP}/providers/Microsoft.ManagedIdentity/a")),
    ("plan-wildcard", ASSIGNED, assigned(ADMINISTERS_VAULTS, SUBSCRIPTION, "role_definition_id"),
     assigned(ADMINISTERS_VAULTS, STORE, "role_definition_id")),
    ("plan-wildcard", "aws_kms_key", kept(Action="kms:*", Principal={"AWS": ROLE}),
     kept(Action="kms:*", Principal={"AWS": ACCOUNT})),
    ("plan-wildcard", "aws_kms_key", kept(Action="*", Principal={"AWS": ACCOUNT}),
     kept(Action=["kms:Describe*", "kms:Decrypt"], Principal={"AWS": ROLE})),
    ("plan-wildcard", "aws_kms_key", kept(NotAction="kms:Decrypt", Principal={"AWS": ACCOUNT}),
     kept(Action="kms:Decrypt", Principal={"AWS": ROLE})),
    ("plan-wildcard", "aws_kms_key_policy",
     statement(Action="kms:*", Principal={"AWS": [ACCOUNT, ROLE]}),
     statement(Action="kms:*", Principal={"AWS": [ACCOUNT]})),
    ("plan-wildcard", "aws_kms_key_policy",
     statement(Action="KMS:*", Principal={"Service": "logs.eu-west-1.amazonaws.com"}),
     statement(Action="kms:Encrypt", Principal={"Service": "logs.eu-west-1.amazonaws.com"})),
    ("plan-wildcard", "google_kms_crypto_key_iam_member", member("roles/cloudkms.admin"),
     member("roles/cloudkms.cryptoKeyEncrypterDecrypter")),
    ("plan-wildcard", "google_secret_manager_secret_iam_member",
     member("roles/secretmanager.admin"), member("roles/secretmanager.secretAccessor")),
    ("plan-wildcard", "google_artifact_registry_repository_iam_member",
     member("roles/artifactregistry.repoAdmin"), member("roles/artifactregistry.writer")),
    ("plan-wildcard", "google_cloud_run_v2_service_iam_member", member("roles/run.admin"),
     member("roles/run.invoker")),
    ("plan-wildcard", "google_project_iam_member",
     member("roles/resourcemanager.projectDeleter"), member("roles/browser")),
    ("plan-exposes", "google_storage_bucket_iam_member",
     member("roles/storage.objectViewer", "domain:example.com"),
     member("roles/storage.objectViewer", "group:a@example.com")),
    ("plan-exposes", "aws_iam_role", trusting("444455556666"), trusting(ROLE)),
    ("plan-exposes", "aws_iam_role", trusting("arn:aws-cn:iam::444455556666:root"),
     trusting(ROLE, "sts:*")),
    careful=BASE,
) | {
    "a document by which an account assumes a role": (
        "plan-exposes", of_key(ACCOUNT, action="sts:AssumeRole"),
        of_key(ROLE, action="sts:AssumeRole")),
    "a document that another one brings in, by which an account assumes a role": (
        "plan-exposes", brought_in(ACCOUNT), brought_in(ROLE)),
    "a document that overrides another one by it": (
        "plan-exposes", brought_in(ACCOUNT, "override_policy_documents"),
        brought_in(ROLE, "override_policy_documents")),
    "all of every key for whoever has a policy": (
        "plan-wildcard", of_key(), of_key(action="kms:Decrypt")),
    "all of a key for a role": ("plan-wildcard", of_key(ROLE), of_key(ACCOUNT)),
    "all of a key for a role beside its account": (
        "plan-wildcard", of_key(ACCOUNT, ROLE), of_key(ACCOUNT, "444455556666")),
}  # fmt: skip
KEPT = faults(
    ("plan-unencrypted", "aws_kms_key", {"enable_key_rotation": False},
     {"enable_key_rotation": False, "key_usage": "SIGN_VERIFY",
      "customer_master_key_spec": "ECC_NIST_P256"}),
    ("plan-unencrypted", "google_kms_crypto_key", {"rotation_period": None},
     {"rotation_period": None, "purpose": "ASYMMETRIC_SIGN"}),
    ("plan-unencrypted", "google_kms_crypto_key", {"rotation_period": "315360000s"},
     {"rotation_period": "31536000s"}),
    ("region-left-to-the-cloud", "aws_kms_key", {"multi_region": True}, {"multi_region": False}),
    ("plan-unaudited", "aws_cloudtrail",
     {"enable_log_file_validation": True, "is_multi_region_trail": False},
     {"enable_log_file_validation": True, "is_multi_region_trail": True}),
    ("plan-unaudited", LOGS, {"daily_quota_gb": 1}, {"daily_quota_gb": -1}),
    ("plan-unaudited", LOGS, {"retention_in_days": 3}, {"retention_in_days": 365}),
    ("plan-exposes", LOGS, {"local_authentication_enabled": True},
     {"local_authentication_enabled": False}),
    ("plan-exposes", "aws_db_instance", {"iam_database_authentication_enabled": False},
     {"iam_database_authentication_enabled": True}),
    careful=BASE,
) | {
    "a secret that is read into the state": (
        "plan-long-lived-key",
        one("aws_secretsmanager_secret_version", {"secret_id": "a"}, mode="data"),
        one("aws_availability_zones", {"state": "available"}, mode="data"),
    ),
}  # fmt: skip
PRICED = faults(
    ("plan-too-costly", SCALED, {"max_size": 30}, {"max_size": 2}),
    ("plan-unpriced", SCALED, {"max_size": None}, {"max_size": 0}),
    ("plan-unpriced", SCALED, {"max_size": 1, "warm_pool": [{"pool_state": "Stopped"}]},
     {"max_size": 1, "warm_pool": []}),
    ("plan-unpriced", LAUNCHED, {**ENCRYPTED, "instance_type": "p5.48xlarge"},
     {**ENCRYPTED, "instance_type": "m7i.2xlarge"}),
    ("plan-unpriced", LAUNCHED, {**ENCRYPTED, "instance_requirements": [{"memory_mib": []}]},
     {**ENCRYPTED, "instance_type": None}),
    ("plan-too-costly", FLEXIBLE, flexible(instances=40), flexible(instances=4)),
    ("plan-unpriced", FLEXIBLE, flexible(sku_name="Standard_M416ms_v2"), flexible(instances=0)),
    ("plan-unpriced", FLEXIBLE, flexible(instances=None),
     flexible(os_disk=[{"storage_account_type": "Premium_LRS", "disk_size_gb": 64}])),
    ("plan-too-costly", FLEXIBLE,
     flexible(data_disk=[{"storage_account_type": "Premium_LRS", "disk_size_gb": 8000}]),
     flexible(data_disk=[])),
    ("plan-unencrypted", FLEXIBLE, flexible(encryption_at_host_enabled=False), flexible()),
    ("plan-exposes", FLEXIBLE, system(disable_password_authentication=False),
     system(disable_password_authentication=True)),
    careful=BASE,
) | {
    "nodes of a size without a price": (
        "plan-unpriced", choosing({"instance_type": "p5.48xlarge"}),
        choosing({"instance_type": "m7i.large"}, {"instance_type": "m7i.xlarge"})),
    "nodes that are chosen by what they have": (
        "plan-unpriced", choosing({"instance_requirements": [{"vcpu_count": []}]}), choosing()),
    "nodes of a configuration that is no template": (
        "plan-template-unseen",
        one(SCALED, {"max_size": 1, "launch_configuration": "large"}),
        one(SCALED, {"max_size": 1})),
    "nodes of a template that lies elsewhere": (
        "plan-template-unseen", group('"lt-0123456789abcdef0"'), group("aws_launch_template.a.id")),
    "nodes of a template that a function names": (
        "plan-template-unseen",
        group('replace(aws_launch_template.a.id, "a", "b")'),
        group("aws_launch_template.a.id")),
}  # fmt: skip
CASES: dict[str, Trial] = {
    f"{group} {name}": trial
    for group, trials in (
        ("deletes", DELETES), ("rights", RIGHTS), ("kept", KEPT), ("priced", PRICED),
    )
    for name, trial in trials.items()
}  # fmt: skip


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
