"""What holds for all rules together: no order matters, and nothing is undefined."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from pydantic import JsonValue

from policies.test_inputs import EVIDENCE, Json, inputs, metric, statement
from turnpike.documents.canonical import to_json
from turnpike.evidence.statement import SCAN, VALIDATION
from turnpike.judge.policy_input import POLICY_INPUT, PolicyInput, SubjectAnswer
from turnpike.opa.bundle import compile_bundle, policies_in
from turnpike.opa.evaluation import Evaluation
from turnpike.opa.program import Program, find_program, version_of

Ask = Callable[[list[PolicyInput]], tuple[SubjectAnswer, ...]]


@cache
def program() -> Program:
    path = find_program(os.environ)
    return Program(path, version_of(path))


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    bundle = compile_bundle(policies_in(Path.cwd()), program(), tmp_path_factory.mktemp("cache"))
    engine = Evaluation(bundle, program())
    return lambda batch: engine.decide(batch).results


def read(document: JsonValue) -> PolicyInput:
    return POLICY_INPUT.validate_json(json.dumps(document))


def named(name: str) -> Json:
    found = inputs()[name]
    assert isinstance(found, dict)
    return found


def nullable(
    schema: JsonValue, value: JsonValue, path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Yield the path of every field of the value that its schema lets be null."""
    if not isinstance(schema, dict) or not isinstance(value, dict):
        return
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        if name not in value or not isinstance(inner, dict):
            continue
        kinds = inner.get("type")
        if isinstance(kinds, list) and "null" in kinds:
            yield (*path, name)
        yield from nullable(inner, value[name], (*path, name))


def without(document: Json, path: tuple[str, ...]) -> Json:
    first, *rest = path
    inner = document[first]
    if not rest or not isinstance(inner, dict):
        return {**document, first: None}
    return {**document, first: without(inner, tuple(rest))}


def test_no_rule_is_silenced_by_a_field_that_is_null(ask: Ask) -> None:
    schema = json.loads(Path("policies/schemas/input.schema.json").read_bytes())
    cases = [
        read(without(named(name), path))
        for name in inputs()
        for path in nullable(schema, inputs()[name], ())
    ]
    answers = ask(cases)
    assert len(answers) == len(cases) > 40


@pytest.mark.parametrize(
    ("name", "path", "code"),
    [
        ("model", ("model",), "artifact-missing"),
        ("model", ("model", "artifact"), "artifact-missing"),
        ("model", ("model", "onCall"), "on-call-missing"),
        ("model", ("card",), "card-missing"),
        ("model", ("registry",), "registry-digest-differs"),
        ("model", ("registry", "digest"), "registry-digest-differs"),
        ("model", ("team",), "team-unknown"),
        ("deployment", ("team",), "team-unknown"),
        ("deployment", ("model", "slo"), "slo-missing"),
        ("deployment", ("deployment",), "deployment-unreadable"),
        ("deployment", ("deployment", "release", "promotedFrom"), "promotion-out-of-order"),
    ],
)
def test_a_field_that_a_subject_needs_is_denied_where_it_is_null(
    ask: Ask, name: str, path: tuple[str, ...], code: str
) -> None:
    (answer,) = ask([read(without(named(name), path))])
    assert code in {denial.code for denial in answer.denials}


FAILED: Json = {"name": "x", "passed": False, "expected": "it holds", "actual": "it does not"}
POOR: list[JsonValue] = [metric("overall", "roc_auc", 0.5), metric("overall", "log_loss", 0.9)]
POOL: list[JsonValue] = [
    *EVIDENCE,
    statement(VALIDATION, "validator", "platform", metrics=POOR, failed=[FAILED]),
    statement(VALIDATION, "validator", "team", failed=[FAILED]),
    statement(SCAN, "validator", failed=[FAILED]),
]


def test_evidence_removed_never_turns_deny_into_allow(ask: Ask) -> None:
    subsets = list(product((False, True), repeat=len(POOL)))
    chosen = [[one for one, kept in zip(POOL, subset, strict=True) if kept] for subset in subsets]
    answers = ask([read({**named("model"), "evidence": list(some)}) for some in chosen])
    allowed = {
        subset for subset, answer in zip(subsets, answers, strict=True) if not answer.denials
    }
    assert allowed
    for subset in allowed:
        for number, kept in enumerate(subset):
            if not kept:
                assert (*subset[:number], True, *subset[number + 1 :]) in allowed


def test_only_a_recorded_failure_lets_in_a_release_by_its_absence(ask: Ask) -> None:
    """What ``disproves`` is on the record, where nobody can leave it out."""
    against = statement(VALIDATION, "validator", "platform", failed=[FAILED], disproves=True)
    pool = [*EVIDENCE, against]
    subsets = list(product((False, True), repeat=len(pool)))
    chosen = [[one for one, kept in zip(pool, subset, strict=True) if kept] for subset in subsets]
    entering = without(named("deployment"), ("deployment", "previous"))
    answers = ask([read({**entering, "evidence": list(some)}) for some in chosen])
    allowed = {
        subset for subset, answer in zip(subsets, answers, strict=True) if not answer.denials
    }
    assert allowed
    for *others, disproved in allowed:
        assert not disproved
        for number in range(len(others)):
            assert (*others[:number], True, *others[number + 1 :], False) in allowed


def requirement(group: str, count: int, given: int) -> Json:
    missing = max(0, count - given)
    return {"group": group, "count": count, "given": given, "missing": missing, "reason": group}


def test_an_approval_added_never_turns_allow_into_deny(ask: Ask) -> None:
    counts = list(product(range(4), repeat=2))
    batch = [
        read(
            {
                **named("change"),
                "requirements": [requirement("owners", 1, one), requirement("risk", 2, two)],
            }
        )
        for one, two in counts
    ]
    allowed = {pair for pair, answer in zip(counts, ask(batch), strict=True) if not answer.denials}
    assert allowed == {(one, two) for one, two in counts if one >= 1 and two >= 2}


def shuffled(value: JsonValue, chance: random.Random) -> JsonValue:
    """Return the value with every list of objects in another order."""
    if isinstance(value, dict):
        return {key: shuffled(inner, chance) for key, inner in value.items()}
    if isinstance(value, list):
        inner = [shuffled(one, chance) for one in value]
        chance.shuffle(inner)
        return inner
    return value


def test_the_order_of_evidence_approvals_and_paths_never_matters(ask: Ask) -> None:
    chance = random.Random(7)  # noqa: S311 - an order, not a secret
    bad: Json = {**named("model"), "evidence": list(POOL[5:]), "card": ["Data", "Limitations"]}
    answers = ask([read(bad), *(read(shuffled(bad, chance)) for _ in range(20))])
    assert answers[0].denials
    assert len({answer.model_dump_json() for answer in answers}) == 1


def test_the_inputs_survive_being_read_and_written(ask: Ask) -> None:
    for document in inputs().values():
        assert to_json(read(document)) == document
