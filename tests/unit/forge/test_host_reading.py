"""What a pull request is, as follows from its events and from main."""

from __future__ import annotations

import pytest

from turnpike.forge.event import Event
from turnpike.forge.events import Said
from turnpike.forge.host_reading import Conversation, PullRefs
from unit.forge.conversations import HEAD, OTHER, event, later


def conversation(*events: Event, merged: bool = False) -> Conversation:
    return Conversation(PullRefs(7, HEAD, {}, {}), Said(events, ()), merged)


def report(state: str, **bent: object) -> Event:
    return event("reported", "bot", state=state, **bent)


def test_merged_is_what_main_says_and_not_what_an_event_says() -> None:
    claimed = event("closed", state="merged")
    assert conversation(claimed).state == "open"
    assert conversation(merged=True).state == "merged"
    assert conversation(event("closed", state="abandoned"), merged=True).state == "merged"
    assert conversation(event("closed", state="abandoned")).state == "closed"


def test_only_reports_on_the_head_count_and_the_last_of_them() -> None:
    assert conversation().status is None
    assert conversation(report("success", commit=OTHER)).status is None
    both = conversation(report("failure", title="no"), report("success", title="yes"))
    assert both.status == ("success", "yes")


def test_a_review_is_no_report() -> None:
    assert conversation(event("reviewed", state="approved")).status is None


def test_the_latest_review_of_each_account_stands() -> None:
    facts = conversation(
        event(state="approved"),
        event(account="tom", state="changes-requested", at=later(1)),
        event(state="dismissed", at=later(2)),
    ).facts()
    found = [(review.account, review.state) for review in facts.reviews]
    assert found == [("maria", "dismissed"), ("tom", "changes-requested")]


def test_without_an_opening_nobody_is_the_author_or_the_pusher() -> None:
    facts = conversation(event("pushed")).facts()
    assert (facts.author, facts.title, facts.pushers) == ("", "", ())
    facts = conversation(event("opened", title="Add"), event("pushed", "tom", at=later(1))).facts()
    assert (facts.author, facts.title, facts.pushers) == ("maria", "Add", ("maria", "tom"))


@pytest.mark.parametrize("account", ["maria", "tom"])
def test_each_account_has_one_comment(account: str) -> None:
    talk = conversation(
        event("commented", "maria", body="first"),
        event("commented", "maria", body="maria"),
        event("commented", "tom", body="tom"),
    )
    assert talk.comment_by(account) == account
    assert talk.comment_by("nobody") == ""
