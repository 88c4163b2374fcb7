"""Until a decision's end nothing that it relied on changes: the same facts decide the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from turnpike.approvals.given import SKEW
from turnpike.evidence.statement import VALIDATION
from turnpike.judge.decide import decide
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.judge.queries import plan_queries
from turnpike.judge.validity import LONGEST_VALIDITY, valid_until
from unit.judge.examples import NOW, RULES, UNHURRIED, RoleKey, model_facts, review, statement
from unit.judge.test_testimony import validation

SIGNER = RoleKey("validator")
TESTIMONY = SIGNER.sign(statement(VALIDATION, validation()))
SOON = NOW + timedelta(minutes=3)


def answered(facts: Facts) -> Answer:
    """Answer like a rule that wants evidence, and one that nothing is merged on a policy's date."""
    return Answer(results=tuple(_answer(one, facts) for one in plan_queries(facts)))


def _answer(one: PolicyInput, facts: Facts) -> SubjectAnswer:
    lacking = one.subject.kind == "model" and not one.evidence
    late = any(one.now >= date for date in facts.tools.policy_dates)
    denial = Denial(code="x", message="m", expected="e", actual="a", solution="s")
    return SubjectAnswer(rules=RULES, denials=(denial,) if lacking or late else ())


def verdict(facts: Facts) -> str:
    return decide(facts, answered(facts)).verdict


def facts_with(update: dict[str, object], dates: tuple[datetime, ...] = ()) -> Facts:
    facts = model_facts(review("tom"), review("nora"))
    key = SIGNER.public.model_copy(update=update)
    tools = facts.tools.model_copy(update={"policy_dates": dates})
    return facts.model_copy(update={"keys": (key,), "evidence": (TESTIMONY,), "tools": tools})


def test_a_decision_ends_when_a_key_begins_ends_or_is_revoked() -> None:
    for moment in ("valid_from", "valid_until", "revoked_at"):
        assert valid_until(facts_with({moment: SOON}), ()) == SOON


def test_a_decision_ends_when_a_date_in_the_policies_is_reached() -> None:
    assert valid_until(facts_with({}, dates=(NOW, SOON)), ()) == SOON


def test_a_decision_ends_when_a_date_that_a_rule_is_shown_is_reached() -> None:
    facts = facts_with({})
    manifest = facts.head.models["models/oncology/triage/model.yaml"]
    dated = manifest.model_copy(update={"description": f"To be retired at {SOON.isoformat()}."})
    head = facts.head.model_copy(update={"models": {"models/oncology/triage/model.yaml": dated}})
    facts = facts.model_copy(update={"head": head})
    assert valid_until(facts, plan_queries(facts)) == SOON


def test_nothing_near_leaves_ten_minutes_and_the_end_of_time_is_no_failure() -> None:
    facts = facts_with({})
    assert valid_until(facts, plan_queries(facts)) == NOW + LONGEST_VALIDITY
    last = datetime.max.replace(tzinfo=UTC)
    assert valid_until(facts.model_copy(update={"clock": last}), ()) == last


def near(start: int = -5, end: int = 15) -> SearchStrategy[datetime]:
    return st.integers(start * 60, end * 60).map(lambda s: NOW + timedelta(seconds=s))


@UNHURRIED
@given(
    st.fixed_dictionaries(
        {"valid_from": near(), "valid_until": near(), "revoked_at": st.none() | near()}
    ),
    st.lists(near(), max_size=2).map(tuple),
    st.integers(0, 10**6 - 1),
)
def test_the_same_facts_decide_the_same_at_any_moment_before_the_end(
    key: dict[str, object], dates: tuple[datetime, ...], part: int
) -> None:
    facts = facts_with(key, dates)
    decision = decide(facts, answered(facts))
    span = decision.valid_until - decision.decided_at
    assert timedelta(0) < span <= LONGEST_VALIDITY
    later = facts.model_copy(update={"clock": facts.clock + span * part / 10**6})
    if later.clock < decision.valid_until:
        assert verdict(later) == decision.verdict


def test_a_review_that_is_still_to_come_ends_a_decision_when_it_begins_to_count() -> None:
    late = review("tom").model_copy(update={"at": NOW + SKEW + timedelta(minutes=2)})
    assert valid_until(model_facts(review("tom"), late), ()) == NOW + timedelta(minutes=2)
