"""A trial says what the gate would say, approvals apart, and takes no silence for yes."""

from __future__ import annotations

import pytest

from turnpike.cli.trial import Trial
from turnpike.cli.wiring import House
from turnpike.errors import CannotDecide, IntegrityError, Unavailable
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.judge.portion import Whole
from turnpike.judge.requirements import APPROVALS_MISSING
from turnpike.promotion.train import Group
from unit.change.recording import answering, silent
from unit.instance.aurora import Aurora
from unit.judge.deployed import FACTS
from unit.judge.examples import RULES
from unit.promotion.passengers import move

GROUPS: tuple[Group, ...] = ((move("triage"),),)


def codes(trial: Trial) -> set[str]:
    (found,) = trial.objections([GROUPS])
    return {one.code for blockers in found.values() for one in blockers}


def trial_of(*denied: str, rules: tuple[str, ...] = RULES) -> Trial:
    return Trial(Whole.of(FACTS), answering(*denied, rules=rules).ask)


def test_what_a_rule_denies_stands_against_its_model() -> None:
    assert "no-good" in codes(trial_of("deployment"))
    assert "no-good" not in codes(trial_of())


def test_missing_approvals_are_no_objection_yet() -> None:
    def asks(batch: tuple[PolicyInput, ...]) -> Answer:
        missing = Denial(
            code=APPROVALS_MISSING, message="m", expected="e", actual="a", solution="s"
        )
        one = SubjectAnswer(rules=RULES, denials=(missing,))
        return Answer(results=tuple(one for _ in batch))

    assert APPROVALS_MISSING not in codes(Trial(Whole.of(FACTS), asks))


def test_a_rule_that_is_silent_stands_in_the_way() -> None:
    assert codes(trial_of(rules=RULES[:1])) > codes(trial_of())


def test_an_answer_about_fewer_subjects_stands_in_the_way() -> None:
    def shorter(batch: tuple[PolicyInput, ...]) -> Answer:
        return Answer(results=answering().ask(batch).results[:-1])

    assert codes(Trial(Whole.of(FACTS), shorter)) > codes(trial_of())


def test_an_answer_about_more_subjects_is_an_answer_to_another_question() -> None:
    def longer(batch: tuple[PolicyInput, ...]) -> Answer:
        whole = answering().ask(batch).results
        return Answer(results=(*whole, *whole))

    with pytest.raises(CannotDecide, match="more") as refused:
        codes(Trial(Whole.of(FACTS), longer))
    assert refused.value.code == "policy.not-evaluated"


def test_policies_that_cannot_be_asked_let_nobody_board() -> None:
    with pytest.raises(Unavailable):
        codes(Trial(Whole.of(FACTS), silent))


def test_many_parts_are_judged_by_one_question() -> None:
    asked: list[int] = []

    def ask(batch: tuple[PolicyInput, ...]) -> Answer:
        asked.append(len(batch))
        return answering().ask(batch)

    trial = Trial(Whole.of(FACTS), ask)
    (alone,) = trial.objections([GROUPS])
    assert trial.objections([GROUPS, GROUPS, GROUPS]) == [alone] * 3
    assert len(asked) == 2
    assert asked[1] == 3 * asked[0]


def test_nothing_to_judge_is_no_question() -> None:
    assert Trial(Whole.of(FACTS), silent).objections([]) == []


def test_a_main_that_holds_no_platform_is_no_ground_for_a_trial(aurora: Aurora) -> None:
    """The small product has no pin of OPA: a trial by whatever is there would be none."""
    house = House(aurora.instance)
    refs = house.host.refs.under("refs/")
    with pytest.raises(IntegrityError, match=r"go\.mod"):
        Trial.of(house, house.main, {"docs/a.md": b"a\n"})
    assert house.host.refs.under("refs/") == refs
