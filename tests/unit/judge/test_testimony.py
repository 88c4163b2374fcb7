"""A statement counts by its signature, its signer's role, its form and its time; or not at all."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import (
    DECISION,
    OBSERVATION,
    PROVENANCE,
    SCAN,
    VALIDATION,
)
from turnpike.judge.decide import decide
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.judge.queries import plan_queries
from turnpike.judge.testimony import by_artifact, decisions_in, hear
from turnpike.topology.key import Role
from unit.judge.examples import (
    ARTIFACT,
    NOW,
    RULES,
    UNHURRIED,
    RoleKey,
    model,
    model_facts,
    object_id,
    review,
    statement,
)

ROLES: tuple[Role, ...] = ("registrar", "validator", "observer", "planner", "gate")
KEYS = {role: RoleKey(role) for role in ROLES}
STRANGER = RoleKey("validator")
VIEW = model().validation_view()


def validation(run: str = "platform", *, passed: bool = True) -> dict[str, JsonValue]:
    check: JsonValue = {"name": "loads", "passed": passed, "expected": "yes", "actual": "yes"}
    return {
        "run": run,
        "validationView": VIEW,
        "inputs": digest_of(b"inputs"),
        "data": digest_of(b"data"),
        "sandbox": "bubblewrap",
        "isolated": True,
        "checks": [check],
        "metrics": [{"slice": "overall", "metric": "roc_auc", "value": 0.95, "records": 100}],
        "finishedAt": NOW.isoformat(),
        "preview": False,
    }


def scan() -> dict[str, JsonValue]:
    check: JsonValue = {"name": "format", "passed": True, "expected": "skops", "actual": "skops"}
    return {
        "validationView": VIEW,
        "checks": [check],
        "finishedAt": NOW.isoformat(),
        "preview": False,
    }


def facts_with(*envelopes: Envelope, keys: tuple[RoleKey, ...] = tuple(KEYS.values())) -> Facts:
    public = tuple(key.public for key in keys)
    facts = model_facts(review("tom"), review("nora"))
    return facts.model_copy(update={"evidence": envelopes, "keys": public})


def said(facts: Facts) -> tuple[int, list[str]]:
    hearing = hear(facts)
    return len(hearing.testimony), [note.code for note in hearing.notes]


GOOD = KEYS["validator"].sign(statement(VALIDATION, validation()))


def test_a_statement_of_its_role_counts_and_is_read() -> None:
    (one,) = hear(facts_with(GOOD)).testimony
    assert (one.envelope, one.key.role) == (GOOD.digest(), "validator")
    assert one.statement.is_about(ARTIFACT)


@pytest.mark.parametrize(
    ("predicate_type", "role"),
    [(VALIDATION, "validator"), (PROVENANCE, "registrar"), (OBSERVATION, "observer")],
)
def test_no_other_role_may_say_it(predicate_type: str, role: Role) -> None:
    for other in ROLES:
        if other != role:
            envelope = KEYS[other].sign(statement(predicate_type, validation()))
            assert said(facts_with(envelope)) == (0, ["evidence.wrong-role"])


def test_an_unknown_kind_of_statement_counts_for_nobody() -> None:
    for key in KEYS.values():
        envelope = key.sign(statement("https://example.org/anything/v1", {}))
        assert said(facts_with(envelope)) == (0, ["evidence.wrong-role"])


def test_a_key_that_main_does_not_list_counts_for_nothing() -> None:
    envelope = STRANGER.sign(statement(VALIDATION, validation()))
    assert said(facts_with(envelope)) == (0, ["evidence.unknown-key"])
    assert said(facts_with(GOOD, keys=())) == (0, ["evidence.unknown-key"])


def test_a_signature_that_another_key_made_is_found() -> None:
    forged = STRANGER.sign(statement(VALIDATION, validation()))
    signature = forged.signatures[0].model_copy(update={"keyid": KEYS["validator"].public.id})
    claimed = forged.model_copy(update={"signatures": (signature,)})
    assert said(facts_with(claimed)) == (0, ["evidence.bad-signature"])


@pytest.mark.parametrize("sig", ["", "AAAA", "not base64!", base64.b64encode(b"x" * 64).decode()])
def test_a_signature_that_is_none_is_found(sig: str) -> None:
    signature = GOOD.signatures[0].model_copy(update={"sig": sig})
    broken = GOOD.model_copy(update={"signatures": (signature,)})
    assert said(facts_with(broken)) == (0, ["evidence.bad-signature"])


def test_one_other_byte_in_the_payload_is_found() -> None:
    other = statement(VALIDATION, validation(passed=False))
    payload = KEYS["validator"].sign(other).payload
    assert said(facts_with(GOOD.model_copy(update={"payload": payload}))) == (
        0,
        ["evidence.bad-signature"],
    )


def test_a_payload_of_another_kind_is_not_what_was_signed() -> None:
    changed = GOOD.model_copy(update={"payload_type": "text/plain"})
    assert said(facts_with(changed)) == (0, ["evidence.bad-signature"])


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"valid_until": NOW}, False),
        ({"valid_until": NOW + timedelta(seconds=1)}, True),
        ({"revoked_at": NOW}, False),
        ({"revoked_at": NOW - timedelta(hours=1)}, False),
        ({"revoked_at": NOW + timedelta(seconds=1)}, True),
        ({"valid_from": NOW}, True),
        ({"valid_from": NOW + timedelta(seconds=1)}, False),
    ],
)
def test_a_key_counts_while_it_is_valid(changes: dict[str, object], *, counts: bool) -> None:
    key = KEYS["validator"].public.model_copy(update=changes)
    found = said(facts_with(GOOD).model_copy(update={"keys": (key,)}))
    assert found == ((1, []) if counts else (0, ["evidence.key-not-valid"]))


@pytest.mark.parametrize(
    "bent",
    [
        {"run": "somebody"},
        {"validationView": "sha256:short"},
        {"checks": "all fine"},
        {"surprise": 1},
        {"metrics": [{"slice": "overall", "metric": "m", "value": "NaN", "records": 1}]},
        {"finishedAt": "2026-03-02T09:00:00"},
    ],
)
def test_a_predicate_that_breaks_its_schema_is_malformed(bent: dict[str, JsonValue]) -> None:
    envelope = KEYS["validator"].sign(statement(VALIDATION, validation() | bent))
    assert said(facts_with(envelope)) == (0, ["evidence.malformed"])


@pytest.mark.parametrize("field", sorted(set(validation()) - {"metrics", "preview"}))
def test_a_predicate_without_a_field_is_malformed(field: str) -> None:
    predicate = {key: value for key, value in validation().items() if key != field}
    envelope = KEYS["validator"].sign(statement(VALIDATION, predicate))
    assert said(facts_with(envelope)) == (0, ["evidence.malformed"])


def test_the_same_envelope_twice_counts_once() -> None:
    assert said(facts_with(GOOD, GOOD)) == (1, [])


def test_a_statement_that_does_not_count_takes_nothing_from_one_that_does() -> None:
    noise = STRANGER.sign(statement(VALIDATION, validation(passed=False)))
    assert said(facts_with(noise, GOOD)) == (1, ["evidence.unknown-key"])


# --- decisions that releases name --------------------------------------------------------------


def recorded(key: RoleKey) -> tuple[Decision, Envelope]:
    facts = facts_with(*OFFERED)
    decision = decide(facts, answered(facts))
    predicate = to_json(decision)
    assert isinstance(predicate, dict)
    return decision, key.sign(statement(DECISION, predicate))


def test_a_decision_admits_only_where_a_gate_signed_it() -> None:
    decision, envelope = recorded(KEYS["gate"])
    facts = facts_with().model_copy(update={"admissions": (envelope,)})
    assert decisions_in(facts) == {envelope.digest(): decision}
    assert decision.admits(ARTIFACT, object_id("models/oncology/triage/model.yaml"))
    assert not decision.admits(digest_of(b"x"), object_id("models/oncology/triage/model.yaml"))
    _, forged = recorded(KEYS["validator"])
    assert decisions_in(facts.model_copy(update={"admissions": (forged,)})) == {}


# --- evidence and the verdict ------------------------------------------------------------------


def answered(facts: Facts) -> Answer:
    """Answer as rules do that ask for evidence: what is missing is never made good by less."""
    return Answer(results=tuple(_answer(one) for one in plan_queries(facts)))


def _answer(one: PolicyInput) -> SubjectAnswer:
    good = {
        (found.predicate_type, found.run)
        for found in one.evidence
        if found.bound and found.isolated and not found.failed
    }
    wanted = {(VALIDATION, "platform"), (VALIDATION, "team"), (SCAN, "none")}
    missing = wanted - good if one.subject.kind == "model" else set()
    denials = tuple(
        Denial(code="evidence-required", message="m", expected=f"{w}", actual="none", solution="s")
        for w in sorted(missing)
    )
    return SubjectAnswer(rules=RULES, denials=denials)


OFFERED = (
    GOOD,
    KEYS["validator"].sign(statement(VALIDATION, validation("team"))),
    KEYS["validator"].sign(statement(SCAN, scan())),
    KEYS["validator"].sign(statement(VALIDATION, validation(passed=False))),
    KEYS["gate"].sign(statement(VALIDATION, validation())),
    STRANGER.sign(statement(SCAN, scan())),
)


def test_all_evidence_together_is_an_allow() -> None:
    facts = facts_with(*OFFERED)
    assert decide(facts, answered(facts)).verdict == "allow"


@UNHURRIED
@given(st.sets(st.sampled_from(range(len(OFFERED)))), st.data())
def test_evidence_that_is_taken_away_never_turns_a_deny_into_an_allow(
    offered: set[int], data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(offered)))) if offered else set()
    more, less = (facts_with(*(OFFERED[i] for i in chosen)) for chosen in (offered, kept))
    assert decide(more, answered(more)).verdict == "allow" or (
        decide(less, answered(less)).verdict == "deny"
    )


@UNHURRIED
@given(st.sets(st.sampled_from(range(len(OFFERED)))), st.randoms())
def test_what_counts_does_not_depend_on_the_order_of_offering(
    offered: set[int], chance: object
) -> None:
    shuffled = sorted(offered, key=lambda _: chance.random())  # type: ignore[attr-defined]
    first = hear(facts_with(*(OFFERED[i] for i in sorted(offered))))
    assert hear(facts_with(*(OFFERED[i] for i in shuffled))) == first


def test_what_was_said_of_an_artifact_is_found_under_it_and_nowhere_else() -> None:
    about_both = statement(PROVENANCE, {"buildDefinition": {}, "runDetails": {}})
    (first,) = about_both.subject
    other = first.model_copy(update={"digest": {"sha256": "0" * 64}})
    both = about_both.model_copy(update={"subject": (first, other, first)})
    registrar = RoleKey("registrar")
    signed = (registrar.sign(about_both), registrar.sign(both))
    facts = model_facts().model_copy(update={"evidence": signed, "keys": (registrar.public,)})
    found = by_artifact(hear(facts).testimony)
    assert {artifact: len(said) for artifact, said in found.items()} == {
        ARTIFACT: 2, f"sha256:{'0' * 64}": 1,
    }  # fmt: skip
