"""What would be is weighed as what is: in any order, as a whole, and never by turning time back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.facts import Facts
from turnpike.judge.hypothesis import Hypothesis, Supposed, as_it_is, suppose
from turnpike.judge.policy_input import SubjectInput
from turnpike.judge.queries import CHANGE, queries_about
from turnpike.judge.remedy import (
    ApprovalRemedy,
    ClassRemedy,
    ContentRemedy,
    FieldRemedy,
    KeepRemedy,
    LeaveOutRemedy,
    PushRemedy,
    Remedy,
    RenameRemedy,
    TimeRemedy,
    WithdrawalRemedy,
)
from turnpike.judge.situation import situation_of
from unit.judge.deployed import FACTS, KEY
from unit.judge.examples import (
    NOW,
    UNHURRIED,
    added,
    model,
    model_facts,
    pull_request,
    review,
    with_changes,
)

MODEL = SubjectInput(kind="model", id="oncology/triage", team="oncology", model="triage")
PATH = "models/oncology/triage/model.yaml"


def field(*path: str, value: float | str | bool, bound: str = "exactly") -> FieldRemedy:
    said = {"kind": "field", "path": path, "bound": bound, "value": value}
    return FieldRemedy.model_validate(said)


def approval(*people: str, count: int = 1) -> ApprovalRemedy:
    return ApprovalRemedy(kind="approval", group="g", count=count, people=people)


SUPPOSED = (
    Supposed(CHANGE, approval("tom")),
    Supposed(CHANGE, approval("nora", "grace")),
    Supposed(CHANGE, WithdrawalRemedy(kind="withdrawal", person="tom")),
    Supposed(CHANGE, PushRemedy(kind="push")),
    Supposed(CHANGE, TimeRemedy(kind="time", until=NOW + timedelta(hours=1))),
    Supposed(CHANGE, LeaveOutRemedy(kind="leave-out", under="docs")),
    Supposed(CHANGE, ClassRemedy.model_validate({"kind": "class", "class": "model"})),
    Supposed(CHANGE, KeepRemedy(kind="keep", under="models/oncology/triage/")),
    Supposed(CHANGE, RenameRemedy(kind="rename", path="docs/Ä.md", to="docs/a.md")),
    Supposed(MODEL, field("model", "riskTier", value="low")),
    Supposed(MODEL, field("registry", "found", value=False)),
)


def start(facts: Facts) -> Hypothesis:
    return as_it_is(situation_of(facts))


def mixed() -> Facts:
    """Return a change of a model and of a page with a name that is not plain, objected to."""
    facts = model_facts(review("tom", "changes-requested"))
    unsigned = facts.model_copy(
        update={"pull_request": pull_request(review("tom", "changes-requested"), pushers=())}
    )
    page = added("docs/Ä.md").model_copy(update={"plain": False})
    return with_changes(unsigned, *unsigned.changes, page)


@UNHURRIED
@given(st.permutations(SUPPOSED), st.integers(0, len(SUPPOSED)))
def test_the_order_in_which_things_are_thought_of_changes_nothing(
    supposed: list[Supposed], count: int
) -> None:
    chosen = supposed[:count]
    ordered = sorted(chosen, key=SUPPOSED.index)
    one, other = suppose(start(mixed()), chosen), suppose(start(mixed()), ordered)
    assert one.queries == other.queries
    assert one.situation.standing == other.situation.standing
    assert one.situation.requirements == other.situation.requirements


@UNHURRIED
@given(st.sets(st.sampled_from(SUPPOSED[:9]), max_size=4))
def test_what_is_weighed_again_in_part_is_what_the_whole_would_be(chosen: set[Supposed]) -> None:
    """All of it but fields: of evidence and fields the facts alone do not tell."""
    found = suppose(start(mixed()), sorted(chosen, key=SUPPOSED.index))
    again = situation_of(found.situation.facts)
    assert found.situation == again
    assert found.queries == queries_about(again)


def test_nothing_supposed_is_the_change_as_it_is() -> None:
    known = start(model_facts(review("tom")))
    assert suppose(known, []) == known


def test_a_note_to_the_author_settles_nothing() -> None:
    known = start(model_facts())
    said = ContentRemedy(kind="content", code="c", subject="s", expected="e")
    assert suppose(known, [Supposed(CHANGE, said)]) == known


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_time_passes_and_is_never_turned_back(hours: int) -> None:
    later = TimeRemedy(kind="time", until=NOW + timedelta(hours=hours))
    found = suppose(start(model_facts()), [Supposed(CHANGE, later)])
    assert {query.now for query in found.queries} == {NOW + timedelta(hours=max(0, hours))}


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_as_many_approve_as_are_asked_and_the_first_of_those_named(count: int) -> None:
    known = start(with_changes(model_facts(), added("policies/a.rego")))
    wanted = approval("sam", "ida", count=count)
    found = suppose(known, [Supposed(CHANGE, wanted)]).situation.requirements
    given_by = {person for one in found for person in one.approved_by}
    assert given_by == {"sam", "ida"} & set(("sam", "ida")[:count])


def test_who_opened_the_change_is_not_made_to_approve_it_by_supposing_so() -> None:
    known = start(model_facts())
    found = suppose(known, [Supposed(CHANGE, approval("maria"))])
    assert found.situation.requirements == known.situation.requirements


def test_a_lower_tier_needs_the_risk_quorum_of_main_all_the_same() -> None:
    facts = model_facts(manifest=model("high"))
    lower = Supposed(MODEL, field("model", "riskTier", value="low"))
    new = suppose(start(facts), [lower]).situation.requirements
    assert "risk-quorum" not in {one.group for one in new}
    base = facts.base.model_copy(update={"models": {PATH: model("high")}})
    known = suppose(start(facts.model_copy(update={"base": base})), [lower])
    assert "risk-quorum" in {one.group for one in known.situation.requirements}


def test_what_stands_in_no_document_is_bent_for_that_subject_alone() -> None:
    known = start(with_changes(model_facts(), *model_facts().changes, added("docs/a.md")))
    found = suppose(known, [Supposed(MODEL, field("registry", "found", value=False))])
    answers = {q.subject.kind: q.registry.found for q in found.queries if q.registry}
    assert answers == {"model": False}
    unchanged = [q for q in found.queries if q.subject != MODEL]
    assert unchanged == [q for q in known.queries if q.subject != MODEL]


@pytest.mark.parametrize("supposed", SUPPOSED, ids=lambda one: one.remedy.kind)
def test_only_the_subjects_that_are_named_are_asked_about(supposed: Supposed) -> None:
    known = start(mixed())
    for only in (("change",), ("oncology/triage",), ()):
        asked = suppose(known, [supposed], only).queries
        whole = suppose(known, [supposed]).queries
        assert asked == tuple(q for q in whole if q.subject.id in only)


def test_of_what_is_left_out_nothing_is_asked() -> None:
    out = Supposed(CHANGE, LeaveOutRemedy(kind="leave-out", under=f"environments/{KEY}"))
    assert [q.subject.kind for q in start(FACTS).queries] == ["change", "deployment"]
    assert suppose(start(FACTS), [out]).queries == ()


def test_two_subjects_with_one_remedy_are_two_suppositions() -> None:
    later: Remedy = TimeRemedy(kind="time", until=NOW)
    assert Supposed(CHANGE, later).key != Supposed(MODEL, later).key
    assert Supposed(MODEL, later).key == Supposed(MODEL.model_copy(), later).key
