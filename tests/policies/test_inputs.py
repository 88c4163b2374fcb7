"""The inputs that the policies' own tests start from: whole, and such that every rule passes.

They are built from the judge's own types, so that they are what the judge would send. Write them
anew with ``python tests/policies/test_inputs.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path

from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.documents.reading import read
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE, SCAN, VALIDATION
from turnpike.judge.policy_input import POLICY_INPUT
from turnpike.opa.program import find_program
from turnpike.topology.plan_table import PLAN_TABLE, PLAN_TABLE_PATH, PlanTable

GENERATED = Path("policies/testing/inputs.rego")
ARTIFACT = "sha256:" + "a1" * 32
LIVE = "sha256:" + "b2" * 32
ROUTE = "sha256:" + "c3" * 32
DECISION = "sha256:" + "d4" * 32
MANIFEST = "e5" * 20
AWS = "registry.terraform.io/hashicorp/aws"

Json = dict[str, JsonValue]
Attributes = dict[str, list[str]]


def check(name: str, *, passed: bool = True) -> Json:
    return {"name": name, "passed": passed, "expected": "it holds", "actual": "it holds"}


def metric(slice_name: str, name: str, value: float, records: int = 100) -> Json:
    return {"slice": slice_name, "metric": name, "value": value, "records": records}


def statement(predicate: str, role: str, run: str = "none", **more: JsonValue) -> Json:
    empty: Json = {"checks": [], "failed": [], "metrics": []}
    signed: Json = {"predicateType": predicate, "role": role, "signer": role, "run": run}
    return {**empty, **signed, "bound": True, "isolated": True, **more}


MEASURED: list[JsonValue] = [
    metric("overall", "roc_auc", 0.98),
    metric("overall", "log_loss", 0.2),
    metric("large-nuclei", "accuracy", 0.94, 30),
]
TEAM: Json = {
    "name": "oncology",
    "group": "oncology",
    "onCallRotations": ["oncology-on-call"],
    "quota": {"cpuMillicores": 8000, "memoryMebibytes": 16384},
}
DATA_SET: Json = {
    "source": "sklearn:breast_cancer",
    "digest": "sha256:" + "f6" * 32,
    "licence": "CC-BY-4.0",
    "classification": "internal",
    "residency": ["EU", "US"],
}
ANY_MODEL: Json = {
    "apiVersion": "turnpike.dev/v1",
    "team": "oncology",
    "description": "A model.",
    "intendedUse": "A second reading.",
    "outOfScopeUse": "A first one.",
    "contacts": [{"person": "maria-lopez", "role": "data scientist"}],
    "onCall": {"rotation": "oncology-on-call", "channel": "#oncology"},
    "slo": {"availabilityPercent": 99.5, "latencyP95Milliseconds": 200.0},
}
PREDICTIVE: Json = {
    **ANY_MODEL,
    "kind": "predictive",
    "name": "tumour-malignancy",
    "riskTier": "high",
    "artifact": {
        "registryModel": "oncology.tumour-malignancy",
        "version": "7",
        "digest": ARTIFACT,
        "format": "skops",
    },
    "signature": {
        "inputs": [{"name": "mean radius", "type": "double"}],
        "outputs": [{"name": "benign", "type": "long"}],
    },
    "data": {
        "label": "target",
        "training": DATA_SET,
        "validation": DATA_SET,
        "validationFraction": 0.3,
        "splitSeed": 9,
    },
    "validation": {
        "task": "binary-classification",
        "thresholds": {"roc_auc": 0.97, "log_loss": 0.4},
        "slices": [
            {
                "name": "large-nuclei",
                "column": "mean radius",
                "operator": ">=",
                "value": 15.0,
                "thresholds": {"accuracy": 0.92},
            }
        ],
        "margin": {"roc_auc": 0.01},
        "seed": 1,
        "budget": {"latencyMilliseconds": 50.0, "memoryMebibytes": 1024.0},
        "checks": ["monotonicity"],
    },
    "serving": {
        "runtime": "mlserver",
        "resources": {"cpuMillicores": 500, "memoryMebibytes": 1024},
    },
}
GENERATIVE: Json = {
    **ANY_MODEL,
    "kind": "generative",
    "name": "discharge-summary",
    "riskTier": "medium",
    "artifact": {
        "registryModel": "oncology.discharge-summary",
        "version": "2",
        "digest": ROUTE,
        "format": "route",
    },
    "route": {
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "revision": "20250929",
        "temperature": 0.0,
        "maxTokens": 1200,
        "systemPrompt": "You draft discharge summaries.",
        "tokensPerMinute": 40000,
    },
    "serving": {
        "runtime": "gateway",
        "resources": {"cpuMillicores": 100, "memoryMebibytes": 128},
    },
}
EVIDENCE: list[Json] = [
    statement(VALIDATION, "validator", "platform", checks=[check("signature")], metrics=MEASURED),
    statement(VALIDATION, "validator", "team", checks=[check("monotonicity")]),
    statement(SCAN, "validator", checks=[check("formats")]),
    statement(PROVENANCE, "registrar"),
    statement(BILL_OF_MATERIALS, "registrar"),
]
CARD: list[JsonValue] = [
    "Intended use", "Out-of-scope use", "Data", "Performance", "Limitations",
    "Ethical considerations", "Contacts",
]  # fmt: skip
RELEASE: Json = {
    "apiVersion": "turnpike.dev/v1",
    "kind": "Release",
    "team": "oncology",
    "model": "tumour-malignancy",
    "version": "7",
    "artifact": ARTIFACT,
    "manifest": MANIFEST,
    "decision": DECISION,
    "promotedFrom": "staging",
    "traffic": 100,
}
TARGET: Json = {
    "name": "aws-eu",
    "cloud": "aws",
    "region": "eu-central-1",
    "cluster": "production",
    "residency": "EU",
    "storage": "s3://artifacts",
    "images": "images.example",
}
REPLICAS: Json = {"minimum": 2, "maximum": 6}
RESOURCES: Json = {"cpuMillicores": 500, "memoryMebibytes": 1024}


def change(class_name: str, *paths: str) -> Json:
    return {
        "class": class_name,
        "classes": [class_name],
        "paths": [*paths],
        "deletedModels": [],
        "deletedReleases": [],
        "recalledReleases": [],
    }


def subject(kind: str, name: str) -> Json:
    team, _, model = name.rpartition("/")
    return {"kind": kind, "id": name, "team": team.rpartition("/")[2], "model": model}


def policy_input(**more: JsonValue) -> JsonValue:
    """Return one input as the judge would send it; what is not given is null or empty."""
    empty: Json = {
        "now": "2026-01-15T12:00:00Z",
        "team": TEAM,
        "model": None,
        "previousModel": None,
        "card": None,
        "registry": None,
        "evidence": [],
        "liveMetrics": [],
        "liveUnmeasured": [],
        "deployment": None,
        "requirements": [],
        "terraformRoot": None,
    }
    return to_json(POLICY_INPUT.validate_json(json.dumps({**empty, **more})))


def registered(model: Json) -> Json:
    artifact = model["artifact"]
    assert isinstance(artifact, dict)
    return {"found": True, "digest": artifact["digest"]}


def environment() -> Json:
    return {
        "apiVersion": "turnpike.dev/v1",
        "kind": "Environment",
        "name": "production",
        "promotesFrom": ["staging"],
        "targets": [TARGET],
        "approvals": [{"group": "release-managers", "count": 1}],
        "promotion": "pull-request",
        "soakSeconds": 3600,
        "windows": [],
        "freezes": [],
        "classifications": ["public", "internal"],
        "requiresSlo": True,
        "defaults": {"replicas": REPLICAS},
    }


def deployment() -> Json:
    return {
        "release": RELEASE,
        "previous": {**RELEASE, "version": "6", "artifact": LIVE},
        "environment": environment(),
        "target": TARGET,
        "sources": [
            {
                "environment": "staging",
                "target": "aws-eu",
                "artifact": ARTIFACT,
                "manifest": MANIFEST,
                "version": "7",
                "healthySeconds": 7200,
            }
        ],
        "rollback": False,
        "admitted": True,
        "replicas": REPLICAS,
        "resources": RESOURCES,
        "usage": {"cpuMillicores": 8000, "memoryMebibytes": 16384},
        "movement": {
            "open": True,
            "by": "office-hours",
            "reason": None,
            "nextChange": "2026-01-15T17:00:00Z",
            "opensAt": None,
            "standstills": [],
        },
        "companions": [],
        "rollout": {
            "step": 3,
            "count": 3,
            "shares": [0, 10, 100],
            "skipped": [],
            "analyses": [
                {
                    "number": 2,
                    "traffic": 10,
                    "target": "aws-eu",
                    "verdict": "passed",
                    "since": "2026-01-15T11:00:00Z",
                    "seenSeconds": 600,
                    "requests": 120,
                    "reasons": [],
                }
            ],
            "rest": None,
        },
    }


def previous_model() -> Json:
    artifact = {"registryModel": "oncology.tumour-malignancy", "version": "6", "digest": LIVE}
    return {**PREDICTIVE, "artifact": {**artifact, "format": "skops"}}


def planned(at: str, attributes: Attributes, *refers_to: str, actions: str = "create") -> Json:
    """Return a resource of which nothing is given but these attributes."""
    kind = at.split(".")[-2]
    found: Json = {path: known(given=False) for path in table().attributes_of(kind)}
    found |= {path: known(*values) for path, values in attributes.items()}
    return {
        "address": at,
        "at": at,
        "type": kind,
        "mode": "data" if at.startswith("data.") else "managed",
        "provider": AWS,
        "actions": [actions],
        "stands": True,
        "stateful": at.startswith("aws_s3_bucket."),
        "attributes": found,
        "refersTo": [*refers_to],
    }


def bound(companion: Json) -> Json:
    """Return a resource whose bucket is the one beside it, which does not exist yet."""
    attributes = companion["attributes"]
    assert isinstance(attributes, dict)
    named: Json = {**known(), "known": False, "sources": ["aws_s3_bucket.this.id"]}
    return {**companion, "attributes": {**attributes, "bucket": named}}


def known(*values: str, given: bool = True) -> Json:
    return {"known": True, "values": [*values], "given": given, "begins": [], "sources": []}


@cache
def table() -> PlanTable:
    """Return what plans are held against in this repository."""
    path = Path(PLAN_TABLE_PATH)
    return read(PLAN_TABLE, path.read_bytes(), str(path))


def root() -> Json:
    """Return a root with one private bucket, its policy, two nodes and a module."""
    bucket = "aws_s3_bucket.this"
    blocked: Attributes = {
        "block_public_acls": ["true"],
        "block_public_policy": ["true"],
        "ignore_public_acls": ["true"],
        "restrict_public_buckets": ["true"],
    }
    algorithm = "rule.@each.apply_server_side_encryption_by_default.@each.sse_algorithm"
    document = "data.aws_iam_policy_document.this"
    policy = planned("aws_s3_bucket_policy.this", {}, bucket, document)
    computed: Json = {**known(), "known": False, "sources": [f"{document}.json"]}
    policy["attributes"] = dict.fromkeys(table().attributes_of("aws_s3_bucket_policy"), computed)
    said: Attributes = {
        "statement.@allow.actions.@each": ["s3:GetObject", "kms:*"],
        "statement.@allow.principals.@each.identifiers.@each": ["arn:aws:iam::1:role/a"],
    }
    closed: Attributes = {"force_destroy": ["false"]}
    nodes: Attributes = {
        "instance_types.@each": ["m7i.large"],
        "scaling_config.@each.max_size": ["2"],
    }
    return {
        "path": "terraform/environments/dev/aws",
        "environment": "dev",
        "cloud": "aws",
        "removed": False,
        "regions": ["eu-central-1", "eu-west-1"],
        "residencies": ["EU"],
        "monthlyCost": 170.0,
        "plan": {
            "standing": 3,
            "finishedAt": "2026-01-15T11:00:00Z",
            "expiresAt": "2026-01-16T11:00:00Z",
            "providers": [{"source": AWS, "judged": True, "regions": known("eu-central-1")}],
            "modules": [
                {"at": "module.nodes", "source": "../../../modules/nodes/aws", "version": None}
            ],
            "resources": [
                planned(bucket, closed),
                bound(planned("aws_s3_bucket_public_access_block.this", blocked, bucket)),
                bound(
                    planned(
                        "aws_s3_bucket_server_side_encryption_configuration.this",
                        {algorithm: ["aws:kms"]},
                        bucket,
                    )
                ),
                bound(
                    planned(
                        "aws_s3_bucket_versioning.this",
                        {"versioning_configuration.@each.status": ["Enabled"]},
                        bucket,
                    )
                ),
                policy,
                planned(document, said, bucket, actions="read"),
                planned("module.nodes.aws_eks_node_group.this", nodes),
            ],
        },
    }


def inputs() -> dict[str, JsonValue]:
    """Return every input by its name; no rule denies any of them."""
    predictive = "oncology/tumour-malignancy"
    generative = "oncology/discharge-summary"
    met: Json = {"group": "oncology", "count": 1, "given": 1, "missing": 0, "reason": "owners"}
    return {
        "model": policy_input(
            change=change("model", f"models/{predictive}/model.yaml"),
            subject=subject("model", predictive),
            model=PREDICTIVE,
            previousModel=previous_model(),
            card=CARD,
            registry=registered(PREDICTIVE),
            evidence=[*EVIDENCE],
            liveMetrics=[*MEASURED],
        ),
        "generative": policy_input(
            change=change("model", f"models/{generative}/model.yaml"),
            subject=subject("model", generative),
            model=GENERATIVE,
            card=CARD,
            registry=registered(GENERATIVE),
            evidence=[EVIDENCE[3], EVIDENCE[4]],
        ),
        "deployment": policy_input(
            change=change("release", f"environments/production/aws-eu/{predictive}/release.yaml"),
            subject=subject("deployment", f"production/aws-eu/{predictive}"),
            model=PREDICTIVE,
            previousModel=PREDICTIVE,
            evidence=[{**one, "expiresAt": "2026-07-01T00:00:00Z"} for one in EVIDENCE],
            deployment=deployment(),
        ),
        "change": policy_input(
            change=change("model", f"models/{predictive}/model.yaml"),
            subject={"kind": "change", "id": "change", "team": "", "model": ""},
            team=None,
            requirements=[met],
        ),
        "root": policy_input(
            change=change("terraform", "terraform/environments/dev/aws/main.tf"),
            subject={
                "kind": "root",
                "id": "terraform/environments/dev/aws",
                "team": "",
                "model": "",
            },
            team=None,
            requirements=[met],
            terraformRoot=root(),
        ),
    }


def generated() -> str:
    """Return the text of the generated file, formatted by OPA itself."""
    parts = [
        "# METADATA",
        "# title: Inputs",
        "# description: >-",
        "#   Whole inputs that no rule denies. Generated by tests/policies/test_inputs.py from the",
        "#   judge's own types; edits are overwritten.",
        "package turnpike.testing.inputs",
        *(f"\n{name} := {json.dumps(value, indent=2)}" for name, value in inputs().items()),
    ]
    formatted = subprocess.run(
        [find_program(os.environ), "fmt"],
        input="\n".join(parts) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return formatted.stdout


def test_the_policies_test_inputs_are_what_the_judge_would_send() -> None:
    assert GENERATED.read_text(encoding="utf-8") == generated()


if __name__ == "__main__":
    GENERATED.write_text(generated(), encoding="utf-8")
