"""Facts come back from the record as they went in, to the byte; what is no fact is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.documents.canonical import canonical_document, to_json
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.judge.decide import decide
from turnpike.judge.facts import FACTS, Facts, Leak, ManifestProblem, RootInputs, Unreadable
from turnpike.judge.policy_input import Answer, SubjectAnswer
from turnpike.judge.queries import plan_queries
from unit.judge import deployed
from unit.judge.examples import (
    RULES,
    RoleKey,
    model_facts,
    object_id,
    review,
    statement,
)
from unit.judge.planned import INPUTS, plan, resource, signed, terraform_facts

LATER = {"debts", "manifestProblems", "leaks", "roots", "recorded", "letIn"}
BEFORE, AFTER = digest_of(b"before"), digest_of(b"after")


def _whole() -> Facts:
    """Return facts in which something is said in nearly every field."""
    key = RoleKey("registrar")
    offered = key.sign(statement("https://slsa.dev/provenance/v1", {"x": [1, 2.5, None, "ü"]}))
    return model_facts(review("tom"), review("nora", "changes-requested")).model_copy(
        update={
            "keys": (key.public,),
            "evidence": (offered,),
            "recorded": (digest_of(b"recorded"),),
            "leaks": (Leak.model_validate({"path": "a", "line": 3, "secret": "a token"}),),
            "manifest_problems": (ManifestProblem(path="b", problem="no"),),
            "unreadable": (
                Unreadable(path="c", side="base", line=1, field="x", expected="e", actual="a"),
            ),
        }
    )


WHOLE = _whole()
EVERY = {
    "model": WHOLE,
    "release": deployed.FACTS,
    "settings": deployed.standing(deployed.edited(deployed.SETTINGS_PATH)),
    "root": terraform_facts(signed(plan(resource("aws_s3_bucket.a")))),
}


def fields() -> dict[str, JsonValue]:
    value = to_json(WHOLE)
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("facts", EVERY.values(), ids=EVERY.keys())
def test_facts_are_one_sequence_of_bytes_and_come_back_from_them(facts: Facts) -> None:
    content = canonical_document(facts)
    again = FACTS.validate_json(content)
    assert canonical_document(again) == content


@pytest.mark.parametrize("facts", EVERY.values(), ids=EVERY.keys())
def test_facts_from_the_record_are_decided_as_they_were(facts: Facts) -> None:
    again = FACTS.validate_json(canonical_document(facts))
    asked = plan_queries(again)
    assert asked == plan_queries(facts)
    answer = Answer(results=(SubjectAnswer(rules=RULES, denials=()),) * len(asked))
    assert canonical_document(decide(again, answer)) == canonical_document(decide(facts, answer))


@pytest.mark.parametrize("backwards", [True, False])
def test_the_order_of_fields_in_a_file_decides_nothing(backwards: bool) -> None:
    def ordered(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {name: ordered(value[name]) for name in sorted(value, reverse=backwards)}
        return [ordered(one) for one in value] if isinstance(value, list) else value

    again = FACTS.validate_json(json.dumps(ordered(fields())))
    assert canonical_document(again) == canonical_document(WHOLE)


@pytest.mark.parametrize("name", sorted(fields().keys() - LATER))
def test_facts_that_leave_something_unsaid_are_none(name: str) -> None:
    rest = {key: value for key, value in fields().items() if key != name}
    with pytest.raises(ValidationError, match=name):
        FACTS.validate_json(json.dumps(rest))


def test_facts_from_before_a_field_was_thought_of_are_still_read() -> None:
    earlier = {name: value for name, value in fields().items() if name not in LATER}
    read = FACTS.validate_json(json.dumps(earlier))
    later = (read.debts, read.manifest_problems, read.leaks, read.roots, read.recorded, read.let_in)
    assert later == ((),) * len(LATER)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("clock",), "2026-03-02T09:00:00"),
        (("clock",), 1772442000),
        (("merge", "base"), "main"),
        (("merge", "head"), object_id("head").upper()),
        (("merge", "genesis"), None),
        (("tools", "policies"), "sha256:1"),
        (("tools", "rules"), "approvals_given"),
        (("pullRequest", "reviews", 0, "state"), "APPROVED"),
        (("pullRequest", "reviews", 0, "at"), "yesterday"),
        (("pullRequest", "reviews", 0, "member"), "yes"),
        (("pullRequest", "number"), "1"),
        (("changes", 0, "new", "size"), "100"),
        (("changes", 0, "plain"), None),
        (("keys", 0, "role"), "root"),
        (("base", "environments", "Dev"), {}),
        (("base", "approvedByAll"), True),
        (("head", "contents", "x"), "sha256:1"),
        (("registry", 0, "digest"), ""),
        (("unreadable", 0, "side"), "merge"),
        (("override",), "allow"),
    ],
    ids=str,
)
def test_what_could_be_read_otherwise_is_no_fact(
    path: tuple[str | int, ...], value: JsonValue
) -> None:
    said = fields()
    place: Any = said
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValidationError, match=str(path[0])):
        FACTS.validate_json(json.dumps(said))


@pytest.mark.parametrize(
    ("before", "after", "planned"),
    [(BEFORE, AFTER, AFTER), (None, AFTER, AFTER), (BEFORE, None, BEFORE), (None, None, None)],
)
def test_a_plan_is_of_the_inputs_after_the_change_or_of_what_it_removes(
    before: Digest | None, after: Digest | None, planned: Digest | None
) -> None:
    root = RootInputs(path="terraform/environments/dev/aws", before=before, after=after,
                      lock=INPUTS)  # fmt: skip
    assert root.planned == planned
