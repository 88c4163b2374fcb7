"""A judgement asks the policies about everything, and takes no silence of theirs for consent."""

from __future__ import annotations

import pytest

from turnpike.change.gate import explained, judge_again, judge_facts
from turnpike.errors import Unavailable
from turnpike.judge.facts import Facts, Merge
from turnpike.judge.policy_input import Answer, PolicyInput, SubjectAnswer
from unit.change.recording import answering, silent
from unit.judge.examples import TREE, model_facts, object_id, review

ALLOWED = model_facts(review("tom"), review("nora"))


def genesis_facts() -> Facts:
    genesis = object_id("genesis")
    merge = Merge(
        genesis=genesis, base=genesis, head=genesis, base_tree=TREE, merge_tree=TREE
    )  # fmt: skip
    update = {"merge": merge, "changes": (), "commits": (), "pull_request": None}
    return model_facts().model_copy(update=update)


def test_policies_that_cannot_be_asked_are_a_failure_and_no_verdict() -> None:
    with pytest.raises(Unavailable):
        judge_facts(ALLOWED, silent)


@pytest.mark.parametrize(
    "rules", [(), ("approvals_given",), ("metrics_met",)], ids=lambda rules: ",".join(rules) or "-"
)
def test_a_rule_that_does_not_speak_leaves_the_change_undecided(rules: tuple[str, ...]) -> None:
    judged = judge_facts(ALLOWED, answering(rules=rules).ask)
    assert judged.decision.verdict == "undecided"


def test_an_answer_about_fewer_subjects_than_were_asked_of_allows_nothing() -> None:
    def shorter(batch: tuple[PolicyInput, ...]) -> Answer:
        whole = answering().ask(batch).results
        return Answer(results=whole[:-1])

    assert judge_facts(ALLOWED, answering().ask).decision.verdict == "allow"
    assert judge_facts(ALLOWED, shorter).decision.verdict != "allow"


def test_an_answer_about_more_subjects_than_were_asked_of_allows_nothing() -> None:
    def longer(batch: tuple[PolicyInput, ...]) -> Answer:
        whole = answering().ask(batch).results
        return Answer(results=(*whole, SubjectAnswer(rules=(), denials=())))

    assert judge_facts(ALLOWED, longer).decision.verdict != "allow"


def test_a_genesis_is_decided_without_policies_and_nothing_else_is() -> None:
    genesis = genesis_facts()
    assert judge_again(genesis, silent).decision.change_class == "genesis"
    with pytest.raises(Unavailable):
        judge_again(ALLOWED, silent)


def test_a_genesis_that_brings_a_pull_request_is_judged_like_any_change() -> None:
    mixed = genesis_facts().model_copy(update={"pull_request": ALLOWED.pull_request})
    assert judge_again(mixed, answering().ask).decision.change_class != "genesis"


def test_only_a_denial_is_explained() -> None:
    deny = answering("model").ask
    denied = judge_facts(ALLOWED, deny)
    assert explained(denied, deny) is not None
    assert explained(judge_facts(ALLOWED, answering().ask), answering().ask) is None
    undecided = judge_facts(ALLOWED, answering(rules=()).ask)
    assert explained(undecided, silent) is None


def test_the_same_facts_and_answers_judged_twice_are_equal() -> None:
    ask = answering("model").ask
    assert judge_facts(ALLOWED, ask) == judge_facts(ALLOWED, ask)
