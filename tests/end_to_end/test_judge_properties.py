"""Properties of the judge with real facts, real signatures, real policies and the real OPA."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from end_to_end.changes import Bench
from turnpike.change.gate import judge_again
from turnpike.change.policies import policies_at
from turnpike.documents.canonical import canonical_document
from turnpike.installation.naming import cache_folder
from turnpike.judge.decision import Decision
from turnpike.judge.facts import FACTS, Facts, Review
from turnpike.record.layout import decision_of

Judge = Callable[[Facts], Decision]
SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def facts(merged: Bench) -> Facts:
    """The facts of the merge that brought the model, which was allowed."""
    record = merged.world.house.record
    previous = record.tip().previous
    assert previous
    return FACTS.validate_json(record.facts(decision_of(record.decision(previous)).facts))


@pytest.fixture(scope="module")
def judge(merged: Bench, facts: Facts) -> Judge:
    """The judge with the policies of that merge's base."""
    policies = policies_at(merged.world.house.host, facts.merge.base, cache_folder())
    return lambda given: judge_again(given, policies.ask).decision


def said(decision: Decision) -> bytes:
    """Return the bytes of a decision but for the name of its facts, whose order is theirs."""
    return canonical_document(decision.model_copy(update={"facts": "sha256:" + "0" * 64}))


def test_deciding_twice_gives_the_same_bytes_as_on_the_record(
    merged: Bench, facts: Facts, judge: Judge
) -> None:
    record = merged.world.house.record
    previous = record.tip().previous
    assert previous
    recorded = decision_of(record.decision(previous))
    assert recorded.verdict == "allow"
    assert canonical_document(judge(facts)) == canonical_document(judge(facts))
    assert canonical_document(judge(facts)) == canonical_document(recorded)


def test_evidence_removed_never_turns_a_deny_into_an_allow(facts: Facts, judge: Judge) -> None:
    allowed = set()
    subsets = list(product((False, True), repeat=len(facts.evidence)))
    for subset in subsets:
        kept = tuple(one for one, keep in zip(facts.evidence, subset, strict=True) if keep)
        if judge(facts.model_copy(update={"evidence": kept})).verdict == "allow":
            allowed.add(subset)
    assert (True,) * len(facts.evidence) in allowed
    assert len(allowed) < len(subsets)
    for subset in allowed:
        for number, kept_one in enumerate(subset):
            more = (*subset[:number], True, *subset[number + 1 :])
            assert kept_one or more in allowed


def test_an_approval_added_never_turns_an_allow_into_a_deny(facts: Facts, judge: Judge) -> None:
    request, organisation = facts.pull_request, facts.base.organisation
    assert request
    assert organisation
    for person in organisation.people:
        account = person.accounts.get(request.host, person.id)
        review = Review(account=account, state="approved", commit=request.head, at=facts.clock)
        more = request.model_copy(update={"reviews": (*request.reviews, review)})
        assert judge(facts.model_copy(update={"pull_request": more})).verdict == "allow"
    nobody = request.model_copy(update={"reviews": ()})
    assert judge(facts.model_copy(update={"pull_request": nobody})).verdict == "deny"


@SLOW
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_approvals_statements_and_keys_never_matters(
    facts: Facts, judge: Judge, chance: object
) -> None:
    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(sorted(items, key=lambda _: chance.random()))  # type: ignore[attr-defined]

    request = facts.pull_request
    assert request
    reviews = request.model_copy(update={"reviews": shuffled(request.reviews)})
    names = ("changes", "commits", "evidence", "admissions", "keys", "registry", "earlier")
    update = {name: shuffled(getattr(facts, name)) for name in names}
    other = facts.model_copy(update={**update, "pull_request": reviews})
    assert said(judge(other)) == said(judge(facts))


@SLOW
@given(st.floats(0, 1, exclude_max=True))
def test_until_its_end_a_decision_stays_what_it_is(facts: Facts, judge: Judge, part: float) -> None:
    decision = judge(facts)
    span = decision.valid_until - decision.decided_at
    assert timedelta(0) < span <= timedelta(minutes=10)
    later = facts.model_copy(update={"clock": facts.clock + span * part})
    if later.clock < decision.valid_until:
        assert judge(later).verdict == decision.verdict
