"""What Turnpike says in its own statements, and what it refuses to say."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.documents.identifiers import digest_of
from turnpike.evidence.predicates import OUTCOME_RESULT, SCAN_RESULT, VALIDATION_RESULT

DIGEST = digest_of(b"something")
WHEN = "2026-03-02T09:00:00Z"
CHECK: dict[str, JsonValue] = {"name": "latency", "passed": True, "expected": "x", "actual": "y"}
METRIC: dict[str, JsonValue] = {"slice": "overall", "metric": "f1", "value": 0.5, "records": 9}
VALIDATION: dict[str, JsonValue] = {
    "run": "platform",
    "validationView": DIGEST,
    "inputs": DIGEST,
    "data": DIGEST,
    "sandbox": "container",
    "isolated": True,
    "checks": [CHECK],
    "metrics": [METRIC],
    "finishedAt": WHEN,
}


def reads(parse: Callable[[str], object], document: dict[str, JsonValue]) -> bool:
    """Tell whether a predicate is taken."""
    try:
        parse(json.dumps(document))
    except ValidationError:
        return False
    return True


def test_a_whole_validation_result_is_taken_and_is_no_preview() -> None:
    assert not VALIDATION_RESULT.validate_json(json.dumps(VALIDATION)).preview


@pytest.mark.parametrize("field", sorted(VALIDATION.keys() - {"metrics"}))
def test_a_validation_result_without_a_field_is_refused(field: str) -> None:
    left = {name: value for name, value in VALIDATION.items() if name != field}
    assert not reads(VALIDATION_RESULT.validate_json, left)


@pytest.mark.parametrize(
    "change",
    [
        {"run": "nobody"},
        {"isolated": "true"},
        {"isolated": 1},
        {"finishedAt": "2026-03-02T09:00:00"},
        {"metrics": [METRIC | {"value": "0.5"}]},
        {"metrics": [METRIC | {"value": True}]},
        {"metrics": [METRIC | {"records": -1}]},
        {"checks": [CHECK | {"passed": None}]},
        {"verdict": "allow"},
    ],
)
def test_a_value_of_another_type_is_refused(change: dict[str, JsonValue]) -> None:
    assert not reads(VALIDATION_RESULT.validate_json, VALIDATION | change)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_metric_is_a_finite_number(number: str) -> None:
    text = json.dumps(VALIDATION).replace("0.5", number)
    with pytest.raises(ValidationError):
        VALIDATION_RESULT.validate_json(text)


def test_a_scan_that_checked_nothing_is_no_scan() -> None:
    scan: dict[str, JsonValue] = {"validationView": DIGEST, "finishedAt": WHEN}
    assert reads(SCAN_RESULT.validate_json, scan | {"checks": [CHECK]})
    assert not reads(SCAN_RESULT.validate_json, scan | {"checks": []})


def test_an_outcome_names_a_decision_and_a_commit() -> None:
    outcome: dict[str, JsonValue] = {"decision": DIGEST, "merge": "a" * 40, "finishedAt": WHEN}
    assert reads(OUTCOME_RESULT.validate_json, outcome)
    assert not reads(OUTCOME_RESULT.validate_json, outcome | {"merge": "main"})
