"""The documents to JSON Schema (draft 2020-12), so that editors check a file while it is typed."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from turnpike.evidence.envelope import ENVELOPE
from turnpike.evidence.plan import TERRAFORM_APPLY_RESULT, TERRAFORM_PLAN_RESULT
from turnpike.evidence.predicates import (
    OBSERVATION_RESULT,
    OUTCOME_RESULT,
    SCAN_RESULT,
    VALIDATION_RESULT,
)
from turnpike.evidence.statement import STATEMENT
from turnpike.judge.decision import DECISION
from turnpike.judge.facts import FACTS
from turnpike.judge.policy_bundle import POLICY_BUNDLE
from turnpike.judge.policy_input import ANSWER, POLICY_INPUT
from turnpike.judge.survivors import SURVIVORS
from turnpike.manifest.model import MODEL
from turnpike.manifest.release import RELEASE
from turnpike.manifest.settings import SETTINGS
from turnpike.topology.clouds import CLOUDS
from turnpike.topology.environment import ENVIRONMENT
from turnpike.topology.instance import INSTANCE
from turnpike.topology.key import KEY
from turnpike.topology.organisation import ORGANISATION
from turnpike.topology.settlement import SETTLEMENT
from turnpike.topology.stop import STOP
from turnpike.topology.waiver import WAIVER
from turnpike.topology.window import SCHEDULE

FOLDER = "docs/schemas"
"""Where the schemas stand in the repository, and where the first line of each document looks."""

DOCUMENTS: dict[str, TypeAdapter[Any]] = {
    "clouds": CLOUDS,
    "decision": DECISION,
    "envelope": ENVELOPE,
    "environment": ENVIRONMENT,
    "facts": FACTS,
    "instance": INSTANCE,
    "key": KEY,
    "model": MODEL,
    "observation": OBSERVATION_RESULT,
    "organisation": ORGANISATION,
    "outcome": OUTCOME_RESULT,
    "policy-answer": ANSWER,
    "policy-bundle": POLICY_BUNDLE,
    "policy-input": POLICY_INPUT,
    "release": RELEASE,
    "scan-result": SCAN_RESULT,
    "schedule": SCHEDULE,
    "settings": SETTINGS,
    "settlement": SETTLEMENT,
    "statement": STATEMENT,
    "stop": STOP,
    "survivors": SURVIVORS,
    "terraform-apply": TERRAFORM_APPLY_RESULT,
    "terraform-plan": TERRAFORM_PLAN_RESULT,
    "validation-result": VALIDATION_RESULT,
    "waiver": WAIVER,
}
"""Each document by the name that its schema's file has."""


def export_schemas() -> dict[str, str]:
    """Return the text of every schema by the name of its file."""
    return {schema_file(name): _text(name, kind) for name, kind in sorted(DOCUMENTS.items())}


def schema_file(name: str) -> str:
    """Return the name of the file that holds the schema of a document."""
    return f"{name}.schema.json"


def _text(name: str, kind: TypeAdapter[Any]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://turnpike.dev/schemas/v1/{schema_file(name)}",
        **kind.json_schema(by_alias=True, mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
