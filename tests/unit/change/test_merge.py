"""What is merged is what was judged, on the main that it was judged on; or it is judged again."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from turnpike.change.gate import AskPolicies
from turnpike.change.merge import Merged, judge_pull_request, merge_pull_request
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import RepositoryChanged
from turnpike.evidence.envelope import statement_in
from turnpike.evidence.statement import DECISION, OUTCOME
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.record.record import Record
from unit.change.gates import ask, gate_of
from unit.instance.aurora import MAIN, Aurora

OWNER = "sam-rivera"


def approved(aurora: Aurora, name: str) -> tuple[int, ObjectId]:
    number, head = aurora.opened(name)
    aurora.forge(OWNER).review(number, "approved", head)
    return number, head


def merge(aurora: Aurora, number: int, rules: AskPolicies = ask) -> Merged:
    with aurora.gate() as signer:
        return merge_pull_request(gate_of(aurora, rules), signer, number)


def first_doing(act: Callable[[], object], times: int = 1) -> AskPolicies:
    """Return rules that something happens beside while they are asked the first times."""
    left = [act] * times

    def asked(batch: tuple[PolicyInput, ...]) -> Answer:
        if left:
            left.pop()()
        return ask(batch)

    return asked


def state_of(aurora: Aurora, number: int) -> str:
    return next(one.state for one in aurora.forge().pull_requests() if one.number == number)


def test_an_allowed_change_is_merged_recorded_and_noted(aurora: Aurora) -> None:
    number, head = approved(aurora, "allowed")
    base = aurora.main()
    merged = merge(aurora, number)
    assert merged.commit == aurora.main()
    commit = aurora.host.commit(merged.commit)
    assert (commit.parents, commit.tree) == ((base, head), merged.judged.facts.merge.merge_tree)
    assert commit.trailers["Turnpike-Decision"] == merged.decision
    record = Record(aurora.host)
    statement = statement_in(record.decision(merged.decision))
    assert statement is not None
    assert statement.predicate_type == DECISION
    (outcome,) = record.outcomes_of(merged.decision)
    told = statement_in(outcome)
    assert told is not None
    assert (told.predicate_type, told.predicate["merge"]) == (OUTCOME, merged.commit)
    assert state_of(aurora, number) == "merged"


def test_what_main_has_already_is_told_again_and_not_judged(aurora: Aurora) -> None:
    number, _ = approved(aurora, "twice")
    merged = merge(aurora, number)
    before = aurora.host.refs.under("refs/")
    assert merge(aurora, number) == merged
    assert aurora.host.refs.under("refs/") == before


def test_an_outcome_that_is_missing_is_recorded_by_the_next_run(aurora: Aurora) -> None:
    number, _ = approved(aurora, "interrupted")
    merged = merge(aurora, number)
    record = Record(aurora.host)
    tip, decided = aurora.record_tip(), aurora.host.first_parents(aurora.record_tip())[1]
    aurora.host.update_ref(record.ref, decided, tip)
    assert not record.outcomes_of(merged.decision)
    assert merge(aurora, number) == merged
    assert len(record.outcomes_of(merged.decision)) == 1


def test_the_facts_of_a_decision_are_on_the_record(aurora: Aurora) -> None:
    number, head = approved(aurora, "facts")
    merged = merge(aurora, number)
    facts = json.loads(Record(aurora.host).facts(merged.judged.decision.facts))
    assert facts["merge"]["head"] == head


def test_a_denied_change_is_recorded_and_main_stays(aurora: Aurora) -> None:
    number, _ = aurora.opened("denied")
    base = aurora.main()
    merged = merge(aurora, number)
    assert (merged.commit, merged.judged.decision.verdict) == (None, "deny")
    assert aurora.main() == base
    assert Record(aurora.host).tip().previous == merged.decision
    assert state_of(aurora, number) == "open"


def test_judging_alone_writes_nothing(aurora: Aurora) -> None:
    number, _ = approved(aurora, "looked-at")
    before = aurora.host.refs.under("refs/")
    assert judge_pull_request(gate_of(aurora), number).decision.verdict == "allow"
    assert aurora.host.refs.under("refs/") == before


def test_a_main_that_moves_meanwhile_is_judged_again(aurora: Aurora) -> None:
    first, _ = approved(aurora, "quicker")
    second, head = approved(aurora, "slower")
    merged = merge(aurora, second, first_doing(lambda: merge(aurora, first)))
    quicker, _ = aurora.host.first_parents(MAIN)[1], None
    assert merged.commit is not None
    assert aurora.host.commit(merged.commit).parents == (quicker, head)
    assert merged.judged.facts.merge.base == quicker
    for name in ("quicker", "slower"):
        assert aurora.host.read(aurora.main(), f"docs/{name}.md") is not None


def test_an_approval_that_is_taken_back_meanwhile_counts(aurora: Aurora) -> None:
    number, head = approved(aurora, "taken-back")
    base = aurora.main()

    def take_back() -> None:
        aurora.forge(OWNER).review(number, "dismissed", head)

    merged = merge(aurora, number, first_doing(take_back))
    assert merged.judged.decision.verdict == "deny"
    assert aurora.main() == base


def test_a_head_that_moves_meanwhile_is_not_merged_unseen(aurora: Aurora) -> None:
    number, head = approved(aurora, "moved")

    def move() -> None:
        newer = aurora.commit("docs/smuggled.md", "in", head)
        aurora.forge("maria-lopez").push(number, newer)

    merged = merge(aurora, number, first_doing(move))
    assert merged.judged.decision.verdict == "deny"
    assert aurora.host.read(aurora.main(), "docs/smuggled.md") is None


def test_what_never_stands_still_is_given_up_and_may_be_merged_later(aurora: Aurora) -> None:
    number, head = approved(aurora, "restless")
    base = aurora.main()

    def say_again() -> None:
        aurora.forge(OWNER).review(number, "approved", head)

    with pytest.raises(RepositoryChanged, match="5 times"):
        merge(aurora, number, first_doing(say_again, times=5))
    assert aurora.main() == base
    assert merge(aurora, number).commit == aurora.main()


def test_every_decision_names_the_one_before_it(aurora: Aurora) -> None:
    number, _ = aurora.opened("chained")
    first, second = merge(aurora, number), merge(aurora, number)
    assert second.judged.decision.previous == first.decision
