"""What people are supposed to have said counts exactly as it would if they said it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.facts import Documents, Facts
from turnpike.judge.requirements import approvals_in
from turnpike.judge.supposed_people import with_approvals, with_pusher, without_objection
from unit.judge.examples import (
    HEAD,
    NOW,
    UNHURRIED,
    model_facts,
    organisation,
    pull_request,
    review,
)

PEOPLE = ("maria", "tom", "nora", "grace", "sam", "ida")


def draft(facts: Facts) -> Facts:
    return facts.model_copy(update={"pull_request": None})


def written_by(facts: Facts, *emails: str) -> Facts:
    (commit,) = facts.commits
    more = tuple(
        commit.model_copy(update={"author": email, "committer": email}) for email in emails
    )
    return facts.model_copy(update={"commits": more})


@UNHURRIED
@given(st.sets(st.sampled_from(PEOPLE)), st.sampled_from(PEOPLE))
def test_everybody_counts_but_who_wrote_or_pushed(people: set[str], pusher: str) -> None:
    request = pull_request(pushers=(pusher,))
    facts = model_facts().model_copy(update={"pull_request": request})
    assert approvals_in(with_approvals(facts, people)).people == people - {"maria", pusher}


def test_a_supposed_approval_is_the_last_word_of_whoever_objected() -> None:
    facts = with_approvals(model_facts(review("tom", "changes-requested")), ("tom",))
    assert approvals_in(facts).people == {"tom"}
    assert approvals_in(facts).objecting == frozenset()


@pytest.mark.parametrize("facts", [model_facts(), draft(model_facts())])
def test_somebody_whom_main_does_not_know_approves_nothing(facts: Facts) -> None:
    """A rule may name anybody in its remedies."""
    assert approvals_in(with_approvals(facts, ("mallory", "tom"))).people == {"tom"}


def test_somebody_without_an_account_on_this_host_approves_nothing() -> None:
    company = organisation()
    people = tuple(
        one.model_copy(update={"accounts": {"github": "tom"}}) if one.id == "tom" else one
        for one in company.people
    )
    facts = model_facts()
    base = facts.base.model_copy(update={"organisation": company.model_copy(
        update={"people": people})})  # fmt: skip
    elsewhere = facts.model_copy(update={"base": base})
    assert approvals_in(with_approvals(elsewhere, PEOPLE)).people == set(PEOPLE) - {"maria", "tom"}


def test_where_main_knows_nobody_nobody_is_supposed_to_approve() -> None:
    nobody = model_facts().model_copy(update={"base": Documents()})
    assert with_approvals(nobody, PEOPLE) is nobody
    assert without_objection(nobody, "tom") is nobody


def test_a_draft_is_taken_as_its_authors_pull_request() -> None:
    opened = with_approvals(draft(model_facts()), PEOPLE).pull_request
    assert opened is not None
    assert (opened.author, opened.pushers, opened.head) == ("maria", ("maria",), HEAD)


def test_nobody_who_wrote_a_part_of_a_draft_counts() -> None:
    facts = written_by(draft(model_facts()), "tom@example.org", "nora@example.org")
    assert approvals_in(with_approvals(facts, PEOPLE)).people == {"maria", "grace", "sam", "ida"}


def test_a_draft_that_nobody_known_wrote_might_be_opened_by_anybody() -> None:
    facts = written_by(draft(model_facts()), "ghost@example.org")
    assert approvals_in(with_approvals(facts, PEOPLE)).people == set(PEOPLE)


def test_only_the_objection_of_that_person_is_taken_back() -> None:
    objections = [review(name, "changes-requested") for name in ("tom", "nora")]
    facts = model_facts(*objections, review("sam"))
    after = approvals_in(without_objection(facts, "tom"))
    assert after.objecting == {"nora"}
    assert after.people == {"sam"}
    assert without_objection(facts, "mallory") == facts


def test_to_take_an_objection_back_brings_no_earlier_approval_to_life() -> None:
    objection = review("tom", "changes-requested")
    later = objection.model_copy(update={"at": NOW - timedelta(seconds=5)})
    after = approvals_in(without_objection(model_facts(review("tom"), later), "tom"))
    assert (after.objecting, after.people) == (frozenset(), frozenset())


def test_the_author_vouches_only_where_nobody_has() -> None:
    known = model_facts().model_copy(update={"pull_request": pull_request(pushers=("tom",))})
    assert with_pusher(known) is known
    unknown = model_facts().model_copy(update={"pull_request": pull_request(pushers=())})
    vouched = with_pusher(unknown).pull_request
    assert vouched is not None
    assert vouched.pushers == ("maria",)
    assert with_pusher(draft(unknown)) == draft(unknown)
