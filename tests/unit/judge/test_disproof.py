"""What a later finding says against a version: heard from the record, and taken back by its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Check, ScanResult, ValidationResult
from turnpike.evidence.statement import SCAN, VALIDATION, statement_about
from turnpike.judge import testimony as heard
from turnpike.judge.disproof import disproofs
from turnpike.judge.facts import Facts
from turnpike.judge.live import bound_to
from turnpike.judge.policy_input import EvidenceInput
from turnpike.judge.queries import plan_queries
from unit.judge.deployed import RELEASE, released
from unit.judge.examples import ARTIFACT, NOW, UNHURRIED, RoleKey, model, run_of

ONE, OTHER = RoleKey("validator"), RoleKey("validator")
Kind = Literal["platform", "team", "scan"]


def finding(
    minutes: int,
    *,
    passed: bool,
    key: RoleKey = ONE,
    kind: Kind = "platform",
    isolated: bool = True,
    view: Digest | None = None,
) -> heard.Testimony:
    """Return what a validator found so many minutes after now."""
    bound = view or model().validation_view()
    assert bound is not None
    check = Check(name="latency", passed=passed, expected="fast", actual="as it was")
    at = NOW + timedelta(minutes=minutes)
    said: ScanResult | ValidationResult
    if kind == "scan":
        said = ScanResult(validation_view=bound, checks=(check,), finished_at=at)
    else:
        said = run_of(bound, at, check, run=kind, isolated=isolated)
    type_ = SCAN if kind == "scan" else VALIDATION
    statement = statement_about("oncology/triage", ARTIFACT, type_, {})
    words = f"{minutes} {passed} {key.public.id} {kind} {isolated} {bound}"
    return heard.Testimony(statement, said, key.public, digest_of(words.encode()))


def against(
    *about: heard.Testimony, lapsed: Iterable[heard.Testimony] = (), recorded: bool = True
) -> frozenset[Digest]:
    late = tuple(lapsed)
    known = {one.envelope for one in (*about, *late)} if recorded else set()
    return disproofs(bound_to(model()), about, late, known)


GOOD, BAD = finding(0, passed=True), finding(10, passed=False)


def test_a_later_failure_on_the_record_speaks_against_it() -> None:
    assert against(GOOD, BAD) == {BAD.envelope}


def test_what_is_not_on_the_record_is_not_heard() -> None:
    assert against(GOOD, BAD, recorded=False) == frozenset()


def test_an_earlier_failure_was_taken_back() -> None:
    assert against(finding(-10, passed=False), GOOD) == frozenset()


def test_at_the_same_moment_the_failure_stands() -> None:
    bad = finding(0, passed=False)
    assert against(GOOD, bad) == {bad.envelope}


def test_a_later_clean_run_takes_it_back() -> None:
    assert against(GOOD, BAD, finding(11, passed=True)) == frozenset()


def test_another_validator_takes_nothing_back() -> None:
    assert against(GOOD, BAD, finding(11, passed=True, key=OTHER)) == {BAD.envelope}


def test_another_kind_takes_nothing_back() -> None:
    scan = finding(5, passed=False, kind="scan")
    assert against(GOOD, scan, finding(11, passed=True)) == {scan.envelope}
    assert against(scan, finding(11, passed=True, kind="scan")) == frozenset()


def test_where_the_key_has_had_its_time_any_other_takes_it_back() -> None:
    assert against(GOOD, lapsed=[BAD]) == {BAD.envelope}
    later = finding(11, passed=True, key=OTHER)
    assert against(later, lapsed=[BAD]) == frozenset()
    assert against(lapsed=[BAD, later]) == {BAD.envelope}


@pytest.mark.parametrize(
    "bad",
    [
        finding(10, passed=False, kind="team"),
        finding(10, passed=False, isolated=False),
        finding(10, passed=False, view=digest_of(b"another manifest")),
    ],
    ids=["a team's check", "not isolated", "another manifest"],
)
def test_what_the_platform_did_not_find_of_this_version_is_not_heard(bad: heard.Testimony) -> None:
    assert against(GOOD, bad) == frozenset()


FOUND = st.builds(
    finding,
    st.integers(-3, 3),
    passed=st.booleans(),
    key=st.sampled_from((ONE, OTHER)),
    kind=st.sampled_from(("platform", "team", "scan")),
)


@UNHURRIED
@given(st.lists(FOUND, max_size=7), st.data())
def test_only_what_is_on_the_record_and_failed_takes_anything_away(
    found: list[heard.Testimony], data: st.DataObject
) -> None:
    """Evidence removed never turns a denial into an allow, but for what nobody can remove."""
    distinct = list({one.envelope: one for one in found}.values())
    digests = [one.envelope for one in distinct]
    recorded = frozenset(data.draw(st.sets(st.sampled_from(digests)))) if digests else frozenset()
    before = disproofs(bound_to(model()), distinct, (), recorded)
    for removed in distinct:
        left = [one for one in distinct if one is not removed]
        after = disproofs(bound_to(model()), left, (), recorded)
        assert before - {removed.envelope} <= after
        if removed.envelope not in recorded:
            assert before <= after


def test_policies_are_told_of_it_for_a_release() -> None:
    plain = released()
    facts = plain.model_copy(update={"keys": (ONE.public,), "evidence": (signed(BAD),)})
    assert not seen(facts).disproves
    (offered,) = facts.evidence
    recorded = facts.model_copy(update={"recorded": (offered.digest(),)})
    assert seen(recorded).disproves
    assert seen(recorded).failed[0].name == "latency"


def signed(witness: heard.Testimony) -> Envelope:
    assert isinstance(witness.predicate, ValidationResult)
    value = to_json(witness.predicate)
    assert isinstance(value, dict)
    return ONE.sign(statement_about("oncology/triage", ARTIFACT, VALIDATION, value))


def seen(facts: Facts) -> EvidenceInput:
    (query,) = [one for one in plan_queries(facts) if one.subject.kind == "deployment"]
    assert query.deployment
    assert query.deployment.release == RELEASE
    (evidence,) = query.evidence
    return evidence
