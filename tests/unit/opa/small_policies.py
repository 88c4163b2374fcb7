"""A small set of policies with the real schema, and inputs for it: what OPA's tests start from."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from turnpike.judge.policy_input import ChangeInput, PolicyInput, SubjectInput
from turnpike.opa.bundle import CAPABILITIES, INPUT_SCHEMA, Bundle, compile_bundle
from turnpike.opa.capabilities import capabilities_text
from turnpike.opa.program import Program, find_program, version_of
from turnpike.opa.schema import input_schema, schema_text

GATE = b"""
package turnpike.gate

batch := [answer | some one in input.batch; answer := decision with input as one]

decision := {
    "rules": sort([rule | some rule; data.turnpike.rules[rule].deny]),
    "denials": sort([denial | some rule; some denial in data.turnpike.rules[rule].deny]),
}
"""
RULE = b"""
# METADATA
# title: Known subjects
# description: Nobody unwanted passes.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.unwanted: schema.data.unwanted
# custom:
#   applies_to: [change]
#   severity: blocking
package turnpike.rules.known_subject

# METADATA
# title: The subject is unwanted
# custom:
#   code: subject-unwanted
#   solution: Choose another one.
deny contains finding if {
    input.subject.id in data.turnpike.data.unwanted.subjects
    finding := {
        "code": "subject-unwanted",
        "message": "Nobody wants it.",
        "expected": "another subject",
        "actual": input.subject.id,
        "solution": "Choose another one.",
    }
}
"""
DATA = b"subjects:\n  - bad\n"
DATA_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"subjects": {"type": "array", "items": {"type": "string"}}},
    "required": ["subjects"],
}
RULE_PATH = "policies/known_subject/known_subject.rego"
GATE_PATH = "policies/gate/gate.rego"
DATA_PATH = "policies/data/unwanted.yaml"


@cache
def program() -> Program:
    """Return the OPA of this machine."""
    path = find_program(os.environ)
    return Program(path, version_of(path))


def policies(**replaced: bytes) -> dict[str, bytes]:
    """Return the small policies; ``rule``, ``gate`` or ``data`` replaces one of them."""
    return {
        GATE_PATH: replaced.get("gate", GATE),
        RULE_PATH: replaced.get("rule", RULE),
        DATA_PATH: replaced.get("data", DATA),
        "policies/data/schemas/unwanted.schema.json": json.dumps(DATA_SCHEMA).encode(),
        INPUT_SCHEMA: schema_text(input_schema()).encode(),
        CAPABILITIES: capabilities_text(program()).encode(),
    }


def bundle(cache_folder: Path, **replaced: bytes) -> Bundle:
    """Return the compiled small policies."""
    return compile_bundle(policies(**replaced), program(), cache_folder)


def policy_input(name: str = "good") -> PolicyInput:
    """Return an input about a change of that name."""
    return PolicyInput(
        now=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        change=ChangeInput(
            change_class="docs",
            classes=("docs",),
            paths=(),
            deleted_models=(),
            deleted_releases=(),
            recalled_releases=(),
        ),
        subject=SubjectInput(kind="change", id=name, team="", model=""),
        team=None,
        model=None,
        previous_model=None,
        card=None,
        registry=None,
        evidence=(),
        live_metrics=(),
        live_unmeasured=(),
        deployment=None,
        requirements=(),
    )
