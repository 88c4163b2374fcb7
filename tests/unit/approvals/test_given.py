"""Whose approval counts, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.approvals.given import Approvals, Word, approvals_of, involved_in
from turnpike.topology.organisation import Bot
from unit.judge.examples import HEAD, NOW, UNHURRIED, object_id, organisation

State = Literal["approved", "changes-requested", "dismissed"]
STATES: tuple[State, ...] = ("approved", "changes-requested", "dismissed")
PEOPLE = ("maria", "tom", "nora", "grace", "stranger")


def word(account: str, state: State = "approved", commit: str = HEAD, minute: int = 0) -> Word:
    return Word(account, state, commit, NOW + timedelta(minutes=minute))


def heard(
    *words: Word, involved: tuple[str, ...] = ("maria",), host: str = "embedded"
) -> Approvals:
    return approvals_of(organisation(), host, HEAD, words, involved)


def why_not(approvals: Approvals) -> list[tuple[str, str]]:
    return [(one.account, one.code) for one in approvals.ignored]


def test_an_approval_of_the_head_by_somebody_else_counts() -> None:
    assert heard(word("tom")) == Approvals(frozenset({"tom"}), frozenset(), ())


def test_an_approval_of_another_commit_is_stale() -> None:
    found = heard(word("tom", commit=object_id("before")))
    assert (found.people, why_not(found)) == (frozenset(), [("tom", "approval.stale")])


def test_an_approval_that_is_still_to_come_is_none_and_takes_no_objection_back() -> None:
    words = (word("tom", minute=9), word("tom", "changes-requested", minute=1), word("nora"))
    found = approvals_of(organisation(), "embedded", HEAD, words, (), NOW + timedelta(minutes=5))
    assert (found.people, found.objecting) == (frozenset({"nora"}), frozenset({"tom"}))
    assert why_not(found) == [("tom", "approval.of-the-future")]


def test_nobody_approves_their_own_change() -> None:
    found = heard(word("maria"))
    assert (found.people, why_not(found)) == (frozenset(), [("maria", "approval.own-change")])


def test_whoever_wrote_the_change_may_still_object_to_it() -> None:
    assert heard(word("maria", "changes-requested")).objecting == {"maria"}


def test_an_account_that_nobody_holds_counts_for_nothing() -> None:
    found = heard(word("stranger"), word("stranger-2", "changes-requested"))
    assert (found.people, found.objecting) == (frozenset(), frozenset())
    assert {code for _, code in why_not(found)} == {"approval.unknown-account"}


def test_an_account_counts_on_its_own_host_only() -> None:
    assert why_not(heard(word("tom"), host="github")) == [("tom", "approval.unknown-account")]


@pytest.mark.parametrize("later", ["changes-requested", "dismissed"])
def test_the_latest_word_of_a_person_counts(later: State) -> None:
    assert heard(word("tom"), word("tom", later, minute=1)).people == frozenset()
    assert heard(word("tom", later), word("tom", minute=1)).people == {"tom"}


@pytest.mark.parametrize("other", ["changes-requested", "dismissed"])
def test_of_two_words_at_one_moment_the_approval_does_not_count(other: State) -> None:
    for words in ((word("tom"), word("tom", other)), (word("tom", other), word("tom"))):
        assert heard(*words).people == frozenset()


def test_a_request_for_changes_of_an_earlier_head_still_stands() -> None:
    old = word("tom", "changes-requested", object_id("before"))
    assert heard(old).objecting == {"tom"}


def test_a_bot_approves_nothing() -> None:
    company = organisation().model_copy(
        update={"bots": (Bot(id="turnpike-bot", email="bot@example.org"),)}
    )
    found = approvals_of(company, "embedded", HEAD, [word("turnpike-bot")], ())
    assert (found.people, why_not(found)) == (frozenset(), [("turnpike-bot", "approval.bot")])


def test_a_person_with_two_accounts_approves_once_and_takes_it_back_by_either() -> None:
    company = organisation()
    tom = next(person for person in company.people if person.id == "tom")
    twice = tom.model_copy(update={"other_accounts": {"embedded": ("tom-2",)}})
    others = tuple(person for person in company.people if person.id != "tom")
    known = company.model_copy(update={"people": (twice, *others)})

    def of(*words: Word) -> frozenset[str]:
        return approvals_of(known, "embedded", HEAD, words, ()).people

    assert of(word("tom"), word("Tom-2")) == {"tom"}
    assert of(word("tom"), word("tom-2", "dismissed", minute=1)) == frozenset()
    own = approvals_of(known, "embedded", HEAD, [word("tom-2")], ("tom",))
    assert (own.people, why_not(own)) == (frozenset(), [("tom-2", "approval.own-change")])


@pytest.mark.parametrize(
    ("member", "code"), [(None, "approval.membership-unknown"), (False, "approval.removed-member")]
)
def test_whoever_the_host_does_not_list_any_more_does_not_approve(
    member: bool | None, code: str
) -> None:
    gone = replace(word("tom"), member=member)
    assert (heard(gone).people, why_not(heard(gone))) == (frozenset(), [("tom", code)])
    assert heard(word("tom"), replace(gone, at=NOW + timedelta(minutes=1))).people == {"tom"}


def test_a_stale_approval_takes_nothing_back() -> None:
    stale = word("tom", commit=object_id("before"), minute=1)
    assert heard(word("tom"), stale).people == {"tom"}
    assert heard(word("tom", "changes-requested"), stale).objecting == {"tom"}


words_said = st.lists(
    st.builds(
        word,
        st.sampled_from(PEOPLE),
        st.sampled_from(STATES),
        st.sampled_from((HEAD, object_id("before"))),
        st.integers(0, 3),
    ),
    max_size=8,
)


@UNHURRIED
@given(words_said, st.randoms())
def test_the_order_in_which_words_arrive_never_matters(said: list[Word], chance: object) -> None:
    shuffled = sorted(said, key=lambda _: chance.random())  # type: ignore[attr-defined]
    first, second = heard(*said), heard(*shuffled)
    assert (first.people, first.objecting) == (second.people, second.objecting)


@UNHURRIED
@given(words_said, st.sampled_from(PEOPLE), st.integers(0, 4), st.sampled_from((True, False, None)))
def test_one_more_approval_takes_no_other_away(
    said: list[Word], account: str, minute: int, member: bool | None
) -> None:
    more = replace(word(account, minute=minute), member=member)
    before, after = heard(*said), heard(*said, more)
    assert before.people <= after.people
    assert after.objecting <= before.objecting


@UNHURRIED
@given(words_said)
def test_nobody_counts_twice_and_never_on_both_sides(said: list[Word]) -> None:
    found = heard(*said)
    assert not found.people & found.objecting
    assert "maria" not in found.people
    assert "stranger" not in found.people | found.objecting


def test_involved_are_accounts_and_addresses_in_any_case() -> None:
    found = involved_in(
        organisation(), "embedded", ["tom", "stranger"], ["Nora@Example.org", "x@example.org"]
    )
    assert found == {"tom", "nora"}
