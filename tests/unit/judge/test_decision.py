"""A decision says one thing, forever: its bytes, its exit code, and what it let in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from turnpike.documents.canonical import canonical_document, to_json
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.judge.decision import (
    DECISION,
    EXIT_CODES,
    Admission,
    AdmittedPlan,
    Debt,
    Decision,
    Requirement,
    Waived,
)
from unit.explain.test_decision_text import FINDING, decision
from unit.judge.examples import ARTIFACT, NOW, object_id

OTHER = digest_of(b"other bytes")
BLOB, BLOB_2 = object_id("manifest"), object_id("another manifest")


def whole() -> Decision:
    """Return a decision in which nothing is empty."""
    plan = AdmittedPlan(root="terraform/environments/dev/aws", inputs=ARTIFACT, plan=OTHER,
                        statement=ARTIFACT)  # fmt: skip
    waived = Waived(
        code="c", subject="s", expected="e", actual="a", waiver="w", reason="r", approver="nora",
        expires_at=NOW,
    )  # fmt: skip
    debt = Debt(
        team="oncology", deployment="dev/local/oncology/triage", incident="INC-1", reason="r",
        commander="sam", author="maria", due=NOW,
    )  # fmt: skip
    need = Requirement(group="oncology", count=1, reason="r", approved_by=("tom",))
    return decision(
        previous=digest_of(b"the one before"), findings=(FINDING,), notes=(FINDING,),
        requirements=(need,), evidence=(ARTIFACT,), admitted=(admission(ARTIFACT, BLOB),),
        plans=(plan,), waived=(waived,), debts=(debt,),
    )  # fmt: skip


def admission(artifact: Digest, manifest: str) -> Admission:
    said = {"team": "oncology", "model": "triage", "version": "1"}
    return Admission.model_validate({**said, "artifact": artifact, "manifest": manifest})


def fields() -> dict[str, JsonValue]:
    value = to_json(whole())
    assert isinstance(value, dict)
    return value


def test_only_an_allow_exits_as_a_success() -> None:
    assert {verdict for verdict, code in EXIT_CODES.items() if code == 0} == {"allow"}
    assert len(set(EXIT_CODES.values())) == 3


@given(st.sampled_from((ARTIFACT, OTHER)), st.sampled_from((BLOB, BLOB_2)))
def test_bytes_are_let_in_with_the_manifest_that_was_judged_and_no_other(
    artifact: Digest, manifest: str
) -> None:
    """Of two models in one decision, neither's bytes go with the other's manifest."""
    decided = decision(admitted=(admission(ARTIFACT, BLOB), admission(OTHER, BLOB_2)))
    is_pair = (artifact, manifest) in {(ARTIFACT, BLOB), (OTHER, BLOB_2)}
    assert decided.admits(artifact, manifest) is is_pair


def test_a_decision_that_admits_nothing_admits_nothing() -> None:
    assert not decision(admitted=()).admits(ARTIFACT, BLOB)


@pytest.mark.parametrize(
    ("count", "given", "met"),
    [(1, (), False), (1, ("a",), True), (2, ("a",), False), (2, ("a", "b"), True)],
)
def test_a_requirement_is_met_by_as_many_as_it_asks_for(
    count: int, given: tuple[str, ...], met: bool
) -> None:
    one = Requirement(group="g", count=count, reason="r", approved_by=given)
    assert one.is_met is met


def test_a_decision_is_one_sequence_of_bytes_and_comes_back_from_them() -> None:
    content = canonical_document(whole())
    again = DECISION.validate_json(content)
    assert again == whole()
    assert canonical_document(again) == content


def test_the_same_moment_in_another_zone_is_another_spelling_and_the_same_decision() -> None:
    said = fields() | {"decidedAt": "2026-03-02T10:00:00+01:00"}
    assert DECISION.validate_json(json.dumps(said)).decided_at == NOW


def test_a_decision_from_before_a_field_was_thought_of_is_still_read() -> None:
    later = {"plans", "waived", "debts"}
    earlier = {name: value for name, value in fields().items() if name not in later}
    read = DECISION.validate_json(json.dumps(earlier))
    assert (read.plans, read.waived, read.debts) == ((), (), ())


@pytest.mark.parametrize("name", sorted(fields().keys() - {"plans", "waived", "debts"}))
def test_a_decision_that_leaves_something_unsaid_is_none(name: str) -> None:
    rest = {key: value for key, value in fields().items() if key != name}
    with pytest.raises(ValidationError, match=name):
        DECISION.validate_json(json.dumps(rest))


@pytest.mark.parametrize(
    "bent",
    [
        {"verdict": "ALLOW"}, {"verdict": "allowed"}, {"verdict": None}, {"changeClass": "any"},
        {"facts": ARTIFACT.upper()}, {"facts": f"{ARTIFACT}\n"}, {"facts": ARTIFACT[:-1]},
        {"base": "HEAD"}, {"base": BLOB[:12]}, {"previous": ""}, {"kind": "Facts"},
        {"apiVersion": "turnpike.dev/v2"}, {"decidedAt": "2026-03-02T09:00:00"},
        {"validUntil": None}, {"pullRequest": "1"}, {"pullRequest": 1.5}, {"signed": True},
        {"requirements": [{"group": "g", "count": "1", "reason": "r", "approvedBy": []}]},
        {"admitted": [{"team": "a", "model": "b", "version": "1", "artifact": ARTIFACT}]},
    ],
    ids=str,
)  # fmt: skip
def test_a_decision_that_could_be_read_otherwise_is_none(bent: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        DECISION.validate_json(json.dumps(fields() | bent))
