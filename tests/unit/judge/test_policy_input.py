"""A policy never meets a missing field, and its answer is read by the letter."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, JsonValue, ValidationError

from turnpike.documents.canonical import to_json
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import ANSWER, POLICY_INPUT, Answer, Denial
from turnpike.judge.queries import plan_queries
from unit.judge.deployed import FACTS, SETTINGS_PATH, edited, settings, standing
from unit.judge.examples import added, deleted, model_facts, review, with_changes
from unit.judge.planned import plan, resource, signed, terraform_facts

PATH = "models/oncology/triage/model.yaml"
CHANGES = {
    "model": model_facts(review("tom")),
    "draft": model_facts().model_copy(update={"pull_request": None, "registry": ()}),
    "release": FACTS,
    "settings": standing(edited(SETTINGS_PATH), settings={SETTINGS_PATH: settings(3)}),
    "deletion": with_changes(model_facts(), deleted(PATH)),
    "mixture": with_changes(model_facts(), added(PATH), added("policies/a.rego")),
    "root": terraform_facts(signed(plan(resource("aws_s3_bucket.a")))),
    "nothing": with_changes(model_facts()),
}


@pytest.mark.parametrize("facts", CHANGES.values(), ids=CHANGES.keys())
def test_every_field_is_there_whatever_the_change_lacks(facts: Facts) -> None:
    for query in plan_queries(facts):
        assert sorted(_missing(query, to_json(query), "")) == []


def _missing(document: BaseModel, value: JsonValue, where: str) -> Iterator[str]:
    assert isinstance(value, dict), where
    for name, info in type(document).model_fields.items():
        key = info.serialization_alias or info.alias or name
        if key not in value:
            yield f"{where}.{key}"
            continue
        inner = getattr(document, name)
        parts = inner if isinstance(inner, tuple) else (inner,)
        plain = value[key]
        values = plain if isinstance(plain, list) else [plain]
        for part, one in zip(parts, values, strict=True):
            if isinstance(part, BaseModel):
                yield from _missing(part, one, f"{where}.{key}")


@pytest.mark.parametrize("facts", CHANGES.values(), ids=CHANGES.keys())
def test_what_opa_is_sent_reads_back_as_the_same_question(facts: Facts) -> None:
    for query in plan_queries(facts):
        assert POLICY_INPUT.validate_json(json.dumps(to_json(query))) == query


# --- what OPA answers -----------------------------------------------------------------------------

DENIAL: dict[str, JsonValue] = {
    "code": "metric-missed",
    "message": "m",
    "expected": "e",
    "actual": "a",
    "solution": "s",
    "remedies": [[{"kind": "leave-out", "under": "docs"}]],
    "yieldsTo": ["waiver"],
}


def answer(*denials: JsonValue, **more: JsonValue) -> bytes:
    result = {"rules": ["a"], "denials": [*denials], **more}
    return json.dumps({"results": [result]}).encode()


def test_a_denial_is_read_with_its_remedies_and_what_it_yields_to() -> None:
    (result,) = ANSWER.validate_json(answer(DENIAL)).results
    (denial,) = result.denials
    assert denial.yields_to == ("waiver",)
    assert [one.kind for option in denial.remedies for one in option] == ["leave-out"]


def test_a_rule_that_says_nothing_of_it_yields_to_nothing() -> None:
    plain = {name: DENIAL[name] for name in ("code", "message", "expected", "actual", "solution")}
    assert Denial.model_validate(plain).yields_to == ()


@pytest.mark.parametrize("name", ["code", "message", "expected", "actual", "solution"])
def test_a_denial_that_leaves_something_unsaid_is_no_answer(name: str) -> None:
    missing = {key: value for key, value in DENIAL.items() if key != name}
    wrong: tuple[JsonValue, ...] = (None, 1, ["x"])
    bent: list[dict[str, JsonValue]] = [missing, *({**DENIAL, name: one} for one in wrong)]
    for one in bent:
        with pytest.raises(ValidationError):
            ANSWER.validate_json(answer(one))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"{}", b'{"results": null}', b'{"results": [null]}',
        b'{"results": [{"rules": ["a"]}]}', b'{"results": [{"denials": []}]}',
        b'{"results": [{"rules": "a", "denials": []}]}',
        answer(allow=True), answer("denied"), answer({**DENIAL, "allow": True}),
        answer({**DENIAL, "yieldsTo": ["anybody"]}), answer({**DENIAL, "yieldsTo": "waiver"}),
        answer({**DENIAL, "remedies": [[{"kind": "push"}]]}),
        answer({**DENIAL, "remedies": [{"kind": "leave-out", "under": "docs"}]}),
        answer({**DENIAL, "code": "a"}) + b" {}",
    ],
)  # fmt: skip
def test_what_is_not_the_whole_answer_is_none(content: bytes) -> None:
    with pytest.raises(ValidationError):
        ANSWER.validate_json(content)


def test_no_denials_of_no_subject_are_an_empty_answer_and_not_a_missing_one() -> None:
    assert ANSWER.validate_json(b'{"results": []}') == Answer(results=())
