"""Plans that an outside examiner made: each with one fault, and beside it its harmless twin.

A fault must be refused for its own reason, and its twin let through. All are asked at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from policies.test_hand_made_plans import AZURE, GOOD, GOOGLE, ROOT, SQL, configuration
from policies.test_inputs import Json, table
from policies.test_properties import Ask, ask, named, read
from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import digest_of
from turnpike.infrastructure.arguments import configuration_of
from turnpike.infrastructure.reduce import Planned, reduced
from turnpike.judge.policy_input import PolicyInput
from unit.infrastructure.plans import AWS, change, plan

__all__ = ["ask"]  # the fixture of a neighbour

CLOUDS = {"google": GOOGLE, "azurerm": AZURE}
PROVIDERS: Json = {
    "aws": {
        "name": "aws",
        "full_name": AWS,
        "expressions": {"region": {"constant_value": "eu-central-1"}},
    }
}


@dataclass(frozen=True, slots=True)
class Case:
    """A plan, and the configuration that it is one of; empty: whatever anybody may write."""

    changes: tuple[Json, ...]
    hcl: str = ""
    more: Json | None = None

    def input(self) -> PolicyInput:
        """Return what the rules are asked of it, in a dev of AWS' eu-central-1 and eu-west-1."""
        written = configuration_of({f"{ROOT}/main.tf": self.hcl.encode()})
        about = Planned(ROOT, None, digest_of(b""), datetime.now(UTC), written)
        told: Json = {"provider_config": PROVIDERS, "root_module": {}, **(self.more or {})}
        said = reduced(plan(*self.changes, configuration=told), about, table())
        document = named("root")
        root = document["terraformRoot"]
        assert isinstance(root, dict)
        standing = root["plan"]
        assert isinstance(standing, dict)
        planned: Json = {**standing}
        for name in ("resources", "providers", "modules"):
            planned[name] = [to_json(one) for one in getattr(said, name)]
        edited = {**root, "monthlyCost": 1000.0, "plan": planned}
        return read({**document, "terraformRoot": edited})


Trial = tuple[str, Case, Case]
"""Why a fault is refused, the plan with it, and the harmless twin."""


def one(
    kind: str, after: Mapping[str, JsonValue], hcl: str | None = None, mode: str = "managed"
) -> Case:
    """Return a plan of one resource, whose configuration gives whatever is known of it."""
    found = {**after}
    provider = CLOUDS.get(kind.partition("_")[0], AWS)
    made = change(kind, after=found, provider=provider, mode=mode)
    return Case((made,), configuration(kind, found) if hcl is None else hcl)


GITHUB = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"
CLAIM = "token.actions.githubusercontent.com:sub"
MAIN = "repo:acme/app:ref:refs/heads/main"
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


def trust(conditions: JsonValue, **statement: JsonValue) -> Case:
    """Return a role that trusts tokens of an issuer under conditions."""
    said: Json = {
        "Effect": "Allow",
        "Action": WEB_IDENTITY,
        "Principal": {"Federated": GITHUB},
        "Condition": conditions,
    }
    policy = json.dumps({"Statement": [{**said, **statement}]})
    return one("aws_iam_role", {"assume_role_policy": policy})


def subject(operator: str, *values: str, key: str = CLAIM) -> Json:
    """Return conditions of a policy that ask for an audience and for a subject."""
    audience: Json = {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
    return {"StringEquals": audience, operator: {**audience, key: [*values]}}


def document(test: str, variable: str, *values: str) -> Case:
    """Return a document for a role that trusts tokens, which is read while applying."""
    statement: Json = {
        "effect": "Allow",
        "actions": [WEB_IDENTITY],
        "principals": [{"type": "Federated", "identifiers": [GITHUB]}],
        "condition": [{"test": test, "variable": variable, "values": [*values]}],
    }
    kind = "aws_iam_policy_document"
    return one(kind, {"statement": [statement]}, mode="data")


def merged(conditions: Json) -> Case:
    """Return a document that takes over a statement of another."""
    source = json.loads(json.dumps(trust(conditions).changes[0]))
    text = source["change"]["after"]["assume_role_policy"]
    after: Json = {"source_policy_documents": [text]}
    return one("aws_iam_policy_document", after, mode="data")


BOUND = subject("StringEquals", MAIN)
PROVIDER = "google_iam_workload_identity_pool_provider"
POOL = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci"
ACCOUNT_MEMBER = "google_service_account_iam_member"
FEDERATED = "azurerm_federated_identity_credential"


def condition(text: str) -> Case:
    """Return a provider of a pool with a condition on tokens."""
    return one(PROVIDER, {"attribute_condition": text})


def member(kind: str, who: str) -> Case:
    """Return a grant to a member of Google's."""
    return one(kind, {"role": "roles/viewer", "member": who})


TRUSTS: dict[str, Trial] = {
    "a role for every token of an issuer": (
        "plan-wildcard",
        trust({"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}),
        trust(BOUND),
    ),
    "a role without conditions": ("plan-wildcard", trust(None), trust(BOUND)),
    "a role for every repository of an owner": (
        "plan-wildcard",
        trust(subject("StringLike", "repo:acme/*")),
        trust(subject("StringLike", MAIN)),
    ),
    "a role for every branch": (
        "plan-wildcard",
        trust(subject("StringLike", "repo:acme/app:*")),
        trust(subject("StringLike", "repo:acme/app:environment:production")),
    ),
    "a role for pull requests": (
        "plan-wildcard",
        trust(subject("StringEquals", "repo:acme/app:pull_request")),
        trust(BOUND),
    ),
    "a role for an account of every namespace": (
        "plan-wildcard",
        trust(subject("StringLike", "system:serviceaccount:*:server", key="oidc.eks/id/A:sub")),
        trust(subject("StringEquals", "system:serviceaccount:a:server", key="oidc.eks/id/A:sub")),
    ),
    "a condition that holds where there is no subject": (
        "plan-wildcard",
        trust(subject("ForAllValues:StringEquals", MAIN)),
        trust(subject("ForAnyValue:StringEquals", MAIN)),
    ),
    "a condition on the subject if it exists": (
        "plan-wildcard",
        trust(subject("StringEqualsIfExists", MAIN)),
        trust(BOUND),
    ),
    "all subjects but one": (
        "plan-wildcard",
        trust(subject("StringNotEquals", MAIN)),
        trust(BOUND),
    ),
    "tokens under an action with a wildcard": (
        "plan-wildcard",
        trust({}, Action="sts:AssumeRole*"),
        trust(BOUND, Action="sts:AssumeRole*"),
    ),
    "one good subject and one bad": (
        "plan-wildcard",
        trust(subject("StringLike", MAIN, "repo:acme/*:ref:refs/heads/main")),
        trust(subject("StringLike", MAIN, "repo:acme/other:ref:refs/heads/main")),
    ),
    "a policy whose words are spelt otherwise": (
        "plan-wildcard",
        one("aws_iam_role", {"assume_role_policy": json.dumps({"statement": [{"action": "*"}]})}),
        one("aws_iam_role", {"assume_role_policy": json.dumps({"Statement": []})}),
    ),
    "a policy with a member twice": (
        "plan-wildcard",
        one("aws_iam_policy", {"policy": '{"Statement":[{"Action":"*"}],"Statement":[]}'}),
        one("aws_iam_policy", {"policy": '{"Statement":[{"Action":"s3:GetObject"}]}'}),
    ),
    "a document for every token": (
        "plan-wildcard",
        document("StringEquals", "token.actions.githubusercontent.com:aud", "sts.amazonaws.com"),
        document("StringEquals", CLAIM, MAIN),
    ),
    "a document for every repository": (
        "plan-wildcard",
        document("StringLike", CLAIM, "repo:acme/*"),
        document("StringLike", CLAIM, MAIN),
    ),
    "a document that takes over a statement for every token": (
        "plan-wildcard",
        merged({}),
        merged(BOUND),
    ),
    "a pool's provider with a condition that always holds": (
        "plan-exposes",
        condition("true"),
        condition(f"assertion.sub == '{MAIN}'"),
    ),
    "a pool's provider for an owner": (
        "plan-exposes",
        condition("assertion.repository_owner == 'acme'"),
        condition("assertion.repository == 'acme/app' && assertion.ref == 'refs/heads/main'"),
    ),
    "a pool's provider with a way round": (
        "plan-exposes",
        condition(f"assertion.sub == '{MAIN}' || true"),
        condition(f"assertion.sub == '{MAIN}' || assertion.sub == 'repo:acme/b:ref:refs/heads/a'"),
    ),
    "a pool's provider that asks for a beginning": (
        "plan-exposes",
        condition("assertion.sub.startsWith('repo:acme/')"),
        condition(f"assertion.sub in ['{MAIN}', 'repo:acme/b:ref:refs/heads/main']"),
    ),
    "a pool's provider for a mapped subject": (
        "plan-exposes",
        condition(f"google.subject == '{MAIN}'"),
        condition(f"assertion.aud == 'turnpike' && assertion.sub == '{MAIN}'"),
    ),
    "a pool's provider for a repository's pull requests": (
        "plan-exposes",
        condition("assertion.sub == 'repo:acme/app:pull_request'"),
        condition('assertion.sub == "repo:acme/app:environment:production"'),
    ),
    "everybody of a pool may act as an account": (
        "plan-exposes",
        member(ACCOUNT_MEMBER, f"principalSet:{POOL}/*"),
        member(ACCOUNT_MEMBER, f"principal:{POOL}/subject/{MAIN}"),
    ),
    "an owner's repositories may act as an account": (
        "plan-exposes",
        member(ACCOUNT_MEMBER, f"principalSet:{POOL}/attribute.repository_owner/acme"),
        member(ACCOUNT_MEMBER, "serviceAccount:p.svc.id.goog[models/server]"),
    ),
    "everybody of a pool may read a bucket": (
        "plan-exposes",
        member("google_storage_bucket_iam_member", f"principalSet:{POOL}/*"),
        member("google_storage_bucket_iam_member", "serviceAccount:a@p.iam.gserviceaccount.com"),
    ),
    "everybody of a pool has a project's role": (
        "plan-exposes",
        one(
            "google_project_iam_binding",
            {"role": "roles/viewer", "members": [f"principalSet:{POOL}/*"]},
        ),
        one(
            "google_project_iam_binding",
            {
                "role": "roles/viewer",
                "members": [
                    "principalSet://iam.googleapis.com/locations/global/workforcePools/p/group/a"
                ],
            },
        ),
    ),
    "a credential of Azure for every branch": (
        "plan-wildcard",
        one(FEDERATED, {"subject": "repo:acme/app:*"}),
        one(FEDERATED, {"subject": MAIN}),
    ),
    "a credential of Azure for pull requests": (
        "plan-wildcard",
        one(FEDERATED, {"subject": "repo:acme/app:pull_request"}),
        one(FEDERATED, {"subject": "system:serviceaccount:models:server"}),
    ),
    "a credential of Azure without a subject": (
        "plan-wildcard",
        one(FEDERATED, {"issuer": "https://token.actions.githubusercontent.com"}),
        one(FEDERATED, {"subject": MAIN}),
    ),
}


def parameters(*pairs: str) -> Case:
    """Return a group of parameters of a database, each as it is told: ``name=value``."""
    told: JsonValue = [one_of(pair) for pair in pairs]
    return one("aws_db_parameter_group", {"family": "postgres17", "parameter": told})


def flags(*pairs: str) -> Case:
    """Return a careful instance of Cloud SQL with flags."""
    told: JsonValue = [one_of(pair) for pair in pairs]
    return one("google_sql_database_instance", {**SQL, **settings_of(database_flags=told)})


def settings_of(**edits: JsonValue) -> Json:
    """Return the settings of a careful instance of Cloud SQL, edited."""
    (settings,) = SQL["settings"] if isinstance(SQL["settings"], list) else ({},)
    assert isinstance(settings, dict)
    return {"settings": [{**settings, **edits}]}


def of_azure(pair: str) -> Case:
    """Return one setting of a flexible server."""
    return one("azurerm_postgresql_flexible_server_configuration", one_of(pair))


def one_of(pair: str) -> Json:
    """Return a setting as Terraform plans it."""
    name, _, value = pair.partition("=")
    return {"name": name, "value": value}


def add_on(values: JsonValue) -> Case:
    """Return an add-on of a cluster with its configuration."""
    return one("aws_eks_addon", {"addon_name": "x", "configuration_values": values})


def pairs_of(code: str, make: Callable[[str], Case], *pairs: str) -> dict[str, Trial]:
    """Return a trial for each two settings: the first is a fault, and the second is none."""
    two = zip(pairs[::2], pairs[1::2], strict=True)
    return {f"{make.__name__} {bad}": (code, make(bad), make(good)) for bad, good in two}


HIDDEN = change(
    "aws_db_parameter_group",
    after={"parameter": [{"name": "rds.force_ssl"}]},
    unknown={"parameter": [{"value": True}]},
)
TOLERATED = {"tolerations": [{"key": "a", "effect": "NoSchedule", "operator": "Exists"}]}
SETTINGS: dict[str, Trial] = {
    **pairs_of(
        "plan-unencrypted", parameters,
        "rds.force_ssl=0", "rds.force_ssl=1",
        "require_secure_transport=OFF", "require_secure_transport=ON",
        "ssl_min_protocol_version=TLSv1.1", "ssl_min_protocol_version=TLSv1.2",
        "tls_version=TLSv1.1,TLSv1.2", "tls_version=TLSv1.2,TLSv1.3",
        "password_encryption=md5", "password_encryption=scram-sha-256",
    ),
    **pairs_of(
        "plan-unaudited", parameters,
        "log_connections=0", "log_connections=1",
        "pgaudit.log=none", "pgaudit.log=ddl,role",
        "server_audit_logging=0", "log_temp_files=0",
    ),
    **pairs_of(
        "plan-unencrypted", flags,
        "require_secure_transport=off", "require_secure_transport=on",
    ),
    **pairs_of(
        "plan-unaudited", flags,
        "cloudsql.enable_pgaudit=off", "cloudsql.enable_pgaudit=on",
        "log_disconnections=off", "log_disconnections=on",
    ),
    **pairs_of(
        "plan-exposes", flags, "cloudsql.iam_authentication=off", "cloudsql.iam_authentication=on"
    ),
    **pairs_of(
        "plan-unencrypted", of_azure,
        "require_secure_transport=off", "require_secure_transport=on",
        "ssl_min_protocol_version=TLSv1", "ssl_min_protocol_version=TLSv1.3",
    ),
    **pairs_of(
        "plan-unaudited", of_azure,
        "log_connections=OFF", "log_connections=ON",
        "pgaudit.log=NONE", "pgaudit.log=WRITE",
    ),
    "an add-on that writes no audit": (
        "plan-unaudited",
        add_on(json.dumps({"containerLogs": {"enabled": False}})),
        add_on(json.dumps({"containerLogs": {"enabled": True}})),
    ),
    "an add-on that ends the network's policies": (
        "plan-exposes",
        add_on(json.dumps({"enableNetworkPolicy": "false"})),
        add_on(json.dumps({"enableNetworkPolicy": "true", **TOLERATED})),
    ),
    "an add-on that speaks without TLS": (
        "plan-unencrypted",
        add_on(json.dumps({"controller": {"tls": {"enabled": False}}})),
        add_on(None),
    ),
    "an add-on whose configuration is YAML": (
        "plan-unaudited",
        add_on("containerLogs:\n  enabled: false\n"),
        add_on("{}"),
    ),
    "a parameter whose value nobody knows yet": (
        "plan-unencrypted",
        Case((HIDDEN,), configuration("aws_db_parameter_group", {"parameter": []})),
        parameters("rds.force_ssl=1"),
    ),
}  # fmt: skip

BUCKET = "aws_s3_bucket"
COMPANIONS: dict[str, Json] = {
    "aws_s3_bucket_public_access_block": dict.fromkeys(
        ("block_public_acls", "block_public_policy", "ignore_public_acls",
         "restrict_public_buckets"), True
    ),
    "aws_s3_bucket_server_side_encryption_configuration": {
        "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}]
    },
    "aws_s3_bucket_versioning": {"versioning_configuration": [{"status": "Enabled"}]},
}  # fmt: skip
CLOSES = "aws_s3_bucket_public_access_block"


def store(
    *keys: str, binds: Mapping[str, str] | None = None, name: str | None = None, tag: str = '"x"'
) -> Case:
    """Return buckets, one for each key, and what closes, encrypts and keeps each of them.

    ``binds`` says, by type, what is written as the bucket of a companion; ``name`` is what the
    companions' bucket is called where that is known, and ``tag`` what else the first one says.
    """
    wanted = dict.fromkeys(COMPANIONS, f"{BUCKET}.this{'[each.key]' if keys != ('',) else ''}.id")
    changes, hcl = [], [f'resource "{BUCKET}" "this" {{\n  bucket = var.name\n}}\n']
    for key in keys:
        at = f'["{key}"]' if key else ""
        after: Json = {"bucket": f"store{key}", "force_destroy": False}
        changes.append(change(BUCKET, after=after, unknown={"id": True}, key=at))
        for kind, closed in COMPANIONS.items():
            told: Json = {**closed, "bucket": name} if name else {**closed}
            unknown: Json = {} if name else {"bucket": True}
            changes.append(change(kind, after=told, unknown=unknown, key=at))
    for kind, bucket in {**wanted, **(binds or {})}.items():
        hcl.append(
            f'resource "{kind}" "this" {{\n  bucket = {bucket}\n  tags = {{ a = {tag} }}\n}}\n'
        )
    return Case(tuple(changes), "".join(hcl))


def split(first: str, second: str) -> Case:
    """Return two buckets, whose companions of one type stand in two blocks, one for each."""
    whole = store("a", "b")
    parts = [
        change(CLOSES, name, after=COMPANIONS[CLOSES], unknown={"bucket": True})
        for name in ("one", "two")
    ]
    kept = [one for one in whole.changes if one["type"] != CLOSES]
    hcl = whole.hcl.replace(f'"{CLOSES}"', '"aws_s3_bucket_ownership_controls"')
    for name, bucket in (("one", first), ("two", second)):
        hcl += f'resource "{CLOSES}" "{name}" {{\n  bucket = {bucket}\n}}\n'
    return Case((*kept, *parts), hcl)


REFERRING: Json = {
    "root_module": {
        "resources": [
            {
                "address": f"{kind}.this",
                "expressions": {"tags": {"references": [f"{BUCKET}.this.id", f"{BUCKET}.this"]}},
            }
            for kind in COMPANIONS
        ]
    }
}


def referring(case: Case) -> Case:
    """Return a plan whose companions all name the bucket somewhere, as Terraform tells it."""
    return Case(case.changes, case.hcl, REFERRING)


BOUND_STORES: dict[str, Trial] = {
    "a bucket that only a tag of the closing names": (
        "plan-exposes",
        referring(store("", binds={CLOSES: "var.other"}, tag=f"{BUCKET}.this.id")),
        referring(store("", tag=f"{BUCKET}.this.id")),
    ),
    "a bucket whose encryption is another's": (
        "plan-unencrypted",
        referring(
            store("", binds={"aws_s3_bucket_server_side_encryption_configuration": '"other"'})
        ),
        store("", name="store"),
    ),
    "a bucket whose versioning is made of its name": (
        "plan-deletable",
        referring(store("", binds={"aws_s3_bucket_versioning": f'"${{{BUCKET}.this.id}}-other"'})),
        referring(store("", binds={"aws_s3_bucket_versioning": f"{BUCKET}.this.bucket"})),
    ),
    "a bucket that is closed by its address": (
        "plan-exposes",
        referring(store("", binds={CLOSES: f"{BUCKET}.this.arn"})),
        referring(store("")),
    ),
    "a closing of a bucket of another name": (
        "plan-exposes",
        store("", binds={CLOSES: '"other"'}, name="other"),
        store("", binds={CLOSES: '"store"'}, name="store"),
    ),
    "two buckets, one of which is closed twice": (
        "plan-exposes",
        store("a", "b", binds={CLOSES: f'{BUCKET}.this["a"].id'}),
        store("a", "b"),
    ),
    "two buckets, one of which is closed by two blocks": (
        "plan-exposes",
        split(f'{BUCKET}.this["a"].id', f'{BUCKET}.this["a"].id'),
        split(f'{BUCKET}.this["a"].id', f'{BUCKET}.this["b"].id'),
    ),
}

TRAIL: Json = {"enable_logging": True, "enable_log_file_validation": True}
LISTENER: Json = {"protocol": "HTTPS", "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
INSTANCE: Json = {"instance_type": "m7i.large"}
TASK: Json = {"cpu": "1024", "memory": "2048"}
SERVICE: Json = {"desired_count": 1, "network_configuration": [{"assign_public_ip": False}]}
BUCKET_OF_GOOGLE: Json = {
    "location": "eu-west-1",
    "force_destroy": False,
    "public_access_prevention": "enforced",
    "uniform_bucket_level_access": True,
    "versioning": [{"enabled": True}],
}
PROXY = "google_compute_region_target_https_proxy"
GATEWAY: Json = {
    "autoscale_configuration": [{"min_capacity": 1, "max_capacity": 10}],
    "ssl_policy": [{"policy_type": "Predefined", "policy_name": "AppGwSslPolicy20220101S"}],
    "http_listener": [{"protocol": "Https"}],
}
APPS: Json = {
    "internal_load_balancer_enabled": True,
    "workload_profile": [{"name": "Consumption", "workload_profile_type": "Consumption"}],
}
LARGE: Json = {"workload_profile_type": "E32", "maximum_count": 50}
COLLECTS: Json = {"public_network_access_enabled": False}
WORKSPACE: Json = {"internet_query_enabled": False, "internet_ingestion_enabled": False}
POOL_NODES = GOOD["google_container_node_pool"]["node_config"]
EXTRA: dict[str, Json] = {
    "aws_cloudtrail": TRAIL,
    "aws_lb_listener": LISTENER,
    "aws_instance": INSTANCE,
    "aws_ecs_task_definition": TASK,
    "aws_ecs_service": SERVICE,
    "google_storage_bucket": BUCKET_OF_GOOGLE,
    "google_project_iam_audit_config": {"service": "allServices"},
    "google_logging_project_sink": {"destination": "storage.googleapis.com/x"},
    "google_logging_project_bucket_config": {"location": "eu-west-1", "retention_days": 90},
    "azurerm_application_gateway": GATEWAY,
    "azurerm_container_app_environment": APPS,
    "azurerm_monitor_data_collection_endpoint": COLLECTS,
    "azurerm_log_analytics_workspace": WORKSPACE,
    "azurerm_web_application_firewall_policy": {
        "policy_settings": [{"enabled": True, "mode": "Prevention"}]
    },
}
"""Careful resources of types of which the neighbour's table has none."""


def faults(
    *rows: tuple[str, str, Json, Json], careful: Mapping[str, Json] = EXTRA
) -> dict[str, Trial]:
    """Return a trial for each: why, of which type, what is careless, and what is like it."""
    return {
        f"{number} {kind} {' '.join(bad)}": (
            code,
            one(kind, {**careful.get(kind, GOOD.get(kind, {})), **bad}),
            one(kind, {**careful.get(kind, GOOD.get(kind, {})), **good}),
        )
        for number, (code, kind, bad, good) in enumerate(rows)
    }


def logs(*kinds: JsonValue) -> Json:
    """Return which logs a cluster's control plane keeps."""
    return {"enabled_cluster_log_types": [*kinds]}


def expires(days: int, what: str = "expiration", name: str = "days") -> Json:
    """Return a rule that deletes objects after some days."""
    return {"rule": [{"status": "Enabled", what: [{name: days}]}]}


def allows(*actions: str) -> Json:
    """Return a policy that allows actions."""
    return {"policy": json.dumps({"Statement": [{"Effect": "Allow", "Action": [*actions]}]})}


def endpoints(outside: bool) -> Json:
    """Return the name of a control plane, to be reached from outside or not."""
    dns: JsonValue = [{"allow_external_traffic": outside}]
    return {"control_plane_endpoints_config": [{"dns_endpoint_config": dns}]}


def kubelet(port: str) -> Json:
    """Return nodes whose agent answers everybody, or not."""
    (nodes,) = POOL_NODES if isinstance(POOL_NODES, list) else ({},)
    assert isinstance(nodes, dict)
    told: JsonValue = [{"insecure_kubelet_readonly_port_enabled": port}]
    return {"node_config": [{**nodes, "kubelet_config": told}]}


def rests(days: int) -> Json:
    """Return for how many days what is deleted of an account can be brought back."""
    return {"blob_properties": [{"delete_retention_policy": [{"days": days}]}]}


def may(*actions: str) -> Json:
    """Return what a role of Azure's may do."""
    return {"permissions": [{"actions": [*actions]}]}


FAULTS = faults(
    # AWS
    ("plan-unaudited", "aws_cloudtrail", {"enable_logging": False}, {"enable_logging": True}),
    ("plan-unaudited", "aws_cloudtrail",
     {"enable_log_file_validation": False}, {"is_multi_region_trail": True}),
    ("plan-unaudited", "aws_cloudtrail",
     {"include_global_service_events": False}, {"include_global_service_events": True}),
    ("plan-unaudited", "aws_cloudtrail",
     {"event_selector": [{"include_management_events": False}]},
     {"event_selector": [{"include_management_events": True, "read_write_type": "All"}]}),
    ("plan-unaudited", "aws_eks_cluster", logs("api"), logs("audit")),
    ("plan-unaudited", "aws_eks_cluster", logs(), logs("api", "audit", "scheduler")),
    ("plan-unaudited", "aws_cloudwatch_log_group",
     {"retention_in_days": 1}, {"retention_in_days": 365}),
    ("plan-unaudited", "aws_cloudwatch_log_group",
     {"retention_in_days": 5}, {"retention_in_days": 0}),
    ("plan-wildcard", "aws_eks_cluster",
     {"access_config": [{"bootstrap_cluster_creator_admin_permissions": True}]},
     {"access_config": [{"bootstrap_cluster_creator_admin_permissions": False}]}),
    ("plan-unencrypted", "aws_lb_listener",
     {"ssl_policy": "ELBSecurityPolicy-2016-08"},
     {"ssl_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}),
    ("plan-unencrypted", "aws_lb_listener",
     {"ssl_policy": "ELBSecurityPolicy-TLS13-1-0-2021-06"},
     {"ssl_policy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"}),
    ("plan-unencrypted", "aws_lb_listener",
     {"ssl_policy": "ELBSecurityPolicy-TLS-1-1-2017-01"},
     {"ssl_policy": "ELBSecurityPolicy-TLS-1-2-Ext-2018-06"}),
    ("plan-exposes", "aws_instance", {"key_name": "mine"}, {"monitoring": True}),
    ("plan-exposes", "aws_launch_template", {"key_name": "mine"}, {"ebs_optimized": "true"}),
    ("plan-exposes", "aws_db_instance",
     {"password": "hunter2"}, {"manage_master_user_password": True}),
    ("plan-deletable", "aws_s3_bucket_lifecycle_configuration", expires(1), expires(365)),
    ("plan-deletable", "aws_s3_bucket_lifecycle_configuration",
     expires(3, "noncurrent_version_expiration", "noncurrent_days"),
     expires(90, "noncurrent_version_expiration", "noncurrent_days")),
    ("plan-exposes", "aws_ecs_service",
     {"enable_execute_command": True}, {"enable_execute_command": False}),
    ("plan-unpriced", "aws_ecs_task_definition", {"cpu": "16384"}, {"cpu": "4096"}),
    ("plan-wildcard", "aws_iam_policy", allows("s3:*Object"), allows("s3:GetObject*")),
    ("plan-wildcard", "aws_iam_policy", allows("iam:?*"), allows("iam:GetRole")),
    ("plan-wildcard", "aws_iam_role_policy_attachment",
     {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess-Amplify"},
     {"policy_arn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"}),
    # Google
    ("plan-exposes", "google_container_cluster", endpoints(True), endpoints(False)),
    ("plan-exposes", "google_container_cluster",
     {"master_authorized_networks_config": [{"gcp_public_cidrs_access_enabled": True}]},
     {"master_authorized_networks_config": [{"gcp_public_cidrs_access_enabled": False}]}),
    ("plan-unaudited", "google_container_cluster",
     {"logging_service": "none"}, {"logging_service": "logging.googleapis.com/kubernetes"}),
    ("plan-exposes", "google_container_node_pool", kubelet("TRUE"), kubelet("FALSE")),
    ("plan-unaudited", "google_project_iam_audit_config",
     {"audit_log_config": [{"log_type": "DATA_READ", "exempted_members": ["user:a@b.example"]}]},
     {"audit_log_config": [{"log_type": "DATA_READ", "exempted_members": []}]}),
    ("plan-unaudited", "google_logging_project_sink", {"disabled": True}, {"disabled": False}),
    ("plan-unaudited", "google_logging_project_bucket_config",
     {"retention_days": 1}, {"retention_days": 400}),
    ("plan-deletable", "google_secret_manager_secret", {"ttl": "60s"}, {"version_aliases": {}}),
    ("plan-deletable", "google_secret_manager_secret",
     {"expire_time": "2026-12-01T00:00:00Z"}, {"labels": {"a": "b"}}),
    ("plan-deletable", "google_storage_bucket",
     {"soft_delete_policy": [{"retention_duration_seconds": 0}]},
     {"soft_delete_policy": [{"retention_duration_seconds": 2592000}]}),
    ("region-outside-residency", "google_storage_bucket",
     {"custom_placement_config": [{"data_locations": ["EU-WEST-1", "US-EAST1"]}]},
     {"custom_placement_config": [{"data_locations": ["EU-WEST-1", "EU-CENTRAL-1"]}]}),
    ("plan-exposes", "google_sql_database_instance",
     {"root_password": "hunter2"}, {"maintenance_version": "x"}),
    ("region-left-to-the-cloud", "google_sql_database_instance",
     settings_of(backup_configuration=[{"enabled": True}]),
     settings_of(backup_configuration=[{"enabled": True, "location": "eu"}])),
    ("plan-wildcard", "google_project_iam_member",
     {"role": "roles/storage.admin"}, {"role": "roles/storage.objectViewer"}),
    ("plan-wildcard", "google_project_iam_member",
     {"role": "roles/iam.serviceAccountTokenCreator"}, {"role": "roles/container.admin"}),
    ("plan-wildcard", "google_project_iam_member",
     {"role": "roles/iam.serviceAccountKeyAdmin"}, {"role": "roles/container.viewer"}),
    ("plan-wildcard", "google_project_iam_binding",
     {"role": "roles/cloudkms.admin", "members": ["group:a@b.example"]},
     {"role": "roles/cloudkms.viewer", "members": ["group:a@b.example"]}),
    ("plan-wildcard", "google_storage_bucket_iam_member",
     {"role": "roles/storage.admin", "member": "group:a@b.example"},
     {"role": "roles/storage.objectCreator", "member": "group:a@b.example"}),
    ("plan-exposes", "google_compute_subnetwork",
     {"ipv6_access_type": "EXTERNAL"}, {"ipv6_access_type": "INTERNAL"}),
    ("plan-unencrypted", PROXY, {"ssl_policy": None}, {"ssl_policy": "projects/p/sslPolicies/a"}),
    # Azure
    ("plan-unencrypted", "azurerm_application_gateway",
     {"ssl_policy": [{"policy_name": "AppGwSslPolicy20150501"}]}, {"fips_enabled": True}),
    ("plan-unencrypted", "azurerm_application_gateway",
     {"ssl_policy": [{"min_protocol_version": "TLSv1_1"}]},
     {"ssl_policy": [{"min_protocol_version": "TLSv1_2"}]}),
    ("plan-unencrypted", "azurerm_application_gateway",
     {"http_listener": [{"protocol": "Https"}, {"protocol": "Http"}]},
     {"http_listener": [{"protocol": "Https"}, {"protocol": "Https"}]}),
    ("plan-unpriced", "azurerm_application_gateway",
     {"autoscale_configuration": [{"max_capacity": 125}]},
     {"autoscale_configuration": [{"max_capacity": 10}]}),
    ("plan-unpriced", "azurerm_container_app_environment",
     {"workload_profile": [LARGE]}, {"zone_redundancy_enabled": True}),
    ("plan-exposes", "azurerm_kubernetes_cluster",
     {"service_principal": [{"client_id": "a", "client_secret": "b"}]},
     {"identity": [{"type": "UserAssigned"}]}),
    ("plan-exposes", "azurerm_kubernetes_cluster",
     {"node_provisioning_profile": [{"mode": "Auto"}]},
     {"node_provisioning_profile": [{"mode": "Manual"}]}),
    ("plan-exposes", "azurerm_kubernetes_cluster",
     {"run_command_enabled": True}, {"run_command_enabled": False}),
    ("plan-exposes", "azurerm_kubernetes_cluster",
     {"http_application_routing_enabled": True}, {"http_application_routing_enabled": False}),
    ("plan-exposes", "azurerm_kubernetes_cluster",
     {"linux_profile": [{"ssh_key": [{"key_data": "ssh-rsa AAAA"}]}]}, {"sku_tier": "Standard"}),
    ("plan-deletable", "azurerm_storage_account", rests(1), rests(30)),
    ("plan-deletable", "azurerm_storage_account", {"blob_properties": []}, rests(7)),
    ("plan-deletable", "azurerm_storage_management_policy",
     {"rule": [{"actions": [{"base_blob": [
         {"delete_after_days_since_modification_greater_than": 1}]}]}]},
     {"rule": [{"actions": [{"base_blob": [
         {"delete_after_days_since_modification_greater_than": 365}]}]}]}),
    ("plan-wildcard", "azurerm_role_definition", may("*/write"), may("*/read")),
    ("plan-wildcard", "azurerm_role_definition",
     may("Microsoft.Authorization/*/write"), may("Microsoft.Authorization/*/read")),
    ("plan-exposes", "azurerm_postgresql_flexible_server",
     {"administrator_password": "hunter2"}, {"auto_grow_enabled": False}),
    ("plan-exposes", "azurerm_monitor_data_collection_endpoint",
     {"public_network_access_enabled": True}, {"kind": "Linux"}),
    ("plan-exposes", "azurerm_log_analytics_workspace",
     {"internet_ingestion_enabled": True}, {"retention_in_days": 90}),
    ("plan-exposes", "azurerm_network_security_rule",
     {"source_address_prefix": "AzureCloud"}, {"source_address_prefix": "AzureLoadBalancer"}),
    ("plan-exposes", "azurerm_web_application_firewall_policy",
     {"policy_settings": [{"enabled": True, "mode": "Detection"}]},
     {"policy_settings": [{"enabled": True, "mode": "Prevention"}]}),
    ("plan-exposes", "azurerm_web_application_firewall_policy",
     {"policy_settings": [{"enabled": False}]}, {"policy_settings": [{"enabled": True}]}),
)  # fmt: skip


def becomes(
    kind: str, *actions: str, after: Mapping[str, JsonValue] | None = None, **more: JsonValue
) -> Case:
    """Return a plan in which this becomes of one resource, and more is told of it."""
    told = None if after is None else {**after}
    made = change(
        kind, after=told, actions=actions, provider=CLOUDS.get(kind.partition("_")[0], AWS)
    )
    return Case(({**made, **more},), configuration(kind, told or {}))


LOST = (
    "aws_cloudtrail",
    "aws_s3_bucket_object_lock_configuration",
    "aws_sqs_queue",
    "google_logging_project_sink",
    "google_project_iam_audit_config",
    "google_pubsub_topic",
    "google_secret_manager_secret_version",
    "azurerm_key_vault_secret",
    "azurerm_management_lock",
    "azurerm_monitor_diagnostic_setting",
    "azurerm_resource_group",
    "azurerm_storage_container_immutability_policy",
)
DATABASE = GOOD["aws_db_instance"]
OPEN_DATABASE: Json = {**DATABASE, "publicly_accessible": True}
NAMED: Json = {"id": "store"}


def hidden(unknown: Json, sensitive: JsonValue = False) -> Case:
    """Return a careful database of which something is not known, or sensitive."""
    kept = {name: value for name, value in DATABASE.items() if name not in unknown}
    made = change("aws_db_instance", after=kept, unknown=unknown, sensitive=sensitive)
    return Case((made,), configuration("aws_db_instance", DATABASE))


def instances(*sizes: str, module: str = "") -> Case:
    """Return machines of a ``for_each``, in a module or in the root."""
    made = [
        change("aws_instance", after={"instance_type": size}, key=f'["{number}"]', module=module)
        for number, size in enumerate(sizes)
    ]
    return Case(tuple(made))


def calls(source: str) -> Case:
    """Return a plan of a root that calls a module."""
    call: Json = {"source": source, "module": {}}
    return Case((), "", {"root_module": {"module_calls": {"a": call}}})


def located(**expressions: JsonValue) -> Case:
    """Return a plan whose second provider has this configuration."""
    other: Json = {
        "aws.other": {"name": "aws", "full_name": AWS, "alias": "other", "expressions": expressions}
    }
    return Case((), "", {"provider_config": {**PROVIDERS, **other}})


def from_module(at: str) -> Case:
    """Return a plan whose provider's region is an argument of a module."""
    expression: Json = {"region": {"references": ["var.region"]}}
    told: Json = {"name": "aws", "full_name": AWS, "expressions": expression}
    return Case(
        (), "", {"provider_config": {"aws": {**told, **({"module_address": at} if at else {})}}}
    )


def run(*processors: str) -> Json:
    """Return a service of Cloud Run, of four instances at most, with a container for each size."""
    containers: JsonValue = [{"resources": [{"limits": {"cpu": cpu}}]} for cpu in processors]
    account = "server@p.iam.gserviceaccount.com"
    scaling: JsonValue = [{"max_instance_count": 4}]
    template: Json = {"service_account": account, "containers": containers, "scaling": scaling}
    return {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY", "template": [template]}


COMMIT = "0123456789abcdef0123456789abcdef01234567"
FORMS: dict[str, Trial] = {
    **{
        f"the loss of {kind} by {' '.join(actions)}": (
            "destruction-unapproved",
            becomes(kind, *actions, after={} if "create" in actions else None),
            becomes("aws_iam_policy", "delete"),
        )
        for kind in LOST
        for actions in (("delete",), ("forget",))
    },
    "a lock that is replaced": (
        "destruction-unapproved",
        becomes("azurerm_management_lock", "create", "delete", after={"lock_level": "ReadOnly"}),
        becomes("azurerm_management_lock", "update", after={"lock_level": "CanNotDelete"}),
    ),
    "a trail that is moved away": (
        "destruction-unapproved",
        becomes("aws_cloudtrail", "forget"),
        becomes("aws_cloudtrail", "no-op", after=TRAIL, previous_address="aws_cloudtrail.old"),
    ),
    "what is imported as it is": (
        "plan-exposes",
        becomes("aws_db_instance", "no-op", after=OPEN_DATABASE, importing=NAMED),
        becomes("aws_db_instance", "no-op", after=DATABASE, importing=NAMED),
    ),
    "what stands already": (
        "plan-exposes",
        becomes("aws_db_instance", "no-op", after=OPEN_DATABASE),
        becomes("aws_db_instance", "update", after=DATABASE),
    ),
    "what only moves": (
        "plan-exposes",
        becomes("aws_db_instance", "no-op", after=OPEN_DATABASE, previous_address="a.b"),
        becomes("aws_db_instance", "no-op", after=DATABASE, previous_address="a.b"),
    ),
    "what nobody knows yet": (
        "plan-exposes",
        hidden({"publicly_accessible": True}),
        hidden({"endpoint": True}),
    ),
    "what nobody may see": (
        "plan-unencrypted",
        hidden({}, {"storage_encrypted": True}),
        hidden({}, {"username": True}),
    ),
    "one of several machines that is too large": (
        "plan-unpriced",
        instances("m7i.large", "u-24tb1.metal"),
        instances("m7i.large", "m7i.xlarge"),
    ),
    "many machines that are small": (
        "plan-too-costly",
        instances(*["m7i.2xlarge"] * 3),
        instances(*["m7i.2xlarge"] * 2),
    ),
    "machines in a module": (
        "plan-too-costly",
        instances(*["m7i.2xlarge"] * 3, module='module.a["x"]'),
        instances("m7i.2xlarge", module='module.a["x"]'),
    ),
    "two containers of one size": (
        "plan-too-costly",
        one("azurerm_container_app", {"template": [
            {"max_replicas": 3, "container": [{"cpu": 4}, {"cpu": 4}]}]}),
        one("azurerm_container_app", {"template": [
            {"max_replicas": 3, "container": [{"cpu": 4}]}]}),
    ),
    "two containers of Cloud Run": (
        "plan-too-costly",
        one("google_cloud_run_v2_service", run("4", "4")),
        one("google_cloud_run_v2_service", run("4")),
    ),
    "a module by a branch": (
        "module-unpinned",
        calls("git::https://git.example/platform/store?ref=main"),
        calls(f"git::https://git.example/platform/store?ref={COMMIT}"),
    ),
    "a module by a tag": (
        "module-unpinned",
        calls("git::ssh://git.example/platform/store?ref=v1.2.3"),
        calls(f"git::ssh://git.example/platform/store//aws?ref={COMMIT}"),
    ),
    "a module by a part of a commit": (
        "module-unpinned",
        calls(f"git::https://git.example/platform/store?ref={COMMIT[:12]}"),
        calls("../../../modules/store/aws"),
    ),
    "a module of a registry": (
        "module-unpinned",
        calls("terraform-aws-modules/s3-bucket/aws"),
        calls("./store"),
    ),
    "an archive": (
        "module-unpinned",
        calls("https://git.example/store.zip"),
        calls("../store"),
    ),
    "a second provider of another region": (
        "region-outside-residency",
        located(region={"constant_value": "us-east-1"}),
        located(region={"constant_value": "eu-west-1"}),
    ),
    "a second provider without a region": (
        "region-outside-residency",
        located(),
        located(region={"references": ["var.region"]}),
    ),
    "a provider whose region is made": (
        "region-outside-residency",
        located(region={"references": ["local.region"]}),
        located(region={"references": ["var.region"]}),
    ),
    "a provider whose region a module says": (
        "region-outside-residency",
        from_module("module.a"),
        from_module(""),
    ),
}  # fmt: skip

CASES = {**TRUSTS, **SETTINGS, **BOUND_STORES, **FAULTS, **FORMS}


def codes_of(ask: Ask, trials: Mapping[str, Trial]) -> dict[str, tuple[set[str], set[str]]]:
    """Return the codes of all denials of each fault, and of its twin; all are asked at once."""
    asked = [case.input() for _, bad, good in trials.values() for case in (bad, good)]
    codes = iter([{denial.code for denial in answer.denials} for answer in ask(asked)])
    return {name: (next(codes), next(codes)) for name in trials}


@pytest.fixture(scope="module")
def answers(ask: Ask, request: pytest.FixtureRequest) -> dict[str, tuple[set[str], set[str]]]:
    """The codes of all denials of each fault, and of its twin, of the cases of a file."""
    return codes_of(ask, request.module.CASES)


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
