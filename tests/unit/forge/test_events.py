"""Only what a person of the organisation signed, of this pull request, counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.event import decode
from turnpike.forge.events import account_of, holder_of, read_events, refusal_of
from unit.forge.conversations import HEAD, OTHER, People, by_digest, event, later


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    return People.made(tmp_path_factory.mktemp("people"))


def refused(people: People, *contents: bytes) -> str:
    said = read_events(by_digest(*contents), people.scope())
    assert said.events == ()
    assert len(said.unverified) == len(contents)
    return said.unverified[0]


def test_an_event_signed_by_its_person_counts(people: People) -> None:
    said = read_events(by_digest(people.signed(event())), people.scope())
    assert said.events == (event(),)
    assert said.unverified == ()


def test_an_event_in_another_persons_name_is_left_out(people: People) -> None:
    assert "not signed with a key of 'maria'" in refused(people, people.signed(event(), "tom"))


def test_an_event_signed_for_another_purpose_is_left_out(people: People) -> None:
    assert "not valid" in refused(people, people.signed(event(), namespace="git"))


def test_an_event_that_was_changed_after_signing_is_left_out(people: People) -> None:
    changed = people.signed(event()).replace(b'"state":"approved"', b'"state":"dismissed"')
    assert "not valid" in refused(people, changed)


def test_an_event_of_another_pull_request_is_left_out(people: People) -> None:
    replayed = people.signed(event(pull_request=8))
    assert "of pull request 8" in refused(people, replayed)


def test_an_event_of_another_instance_is_left_out(people: People) -> None:
    assert "in another instance" in refused(people, people.signed(event(genesis="d" * 40)))


def test_an_event_of_an_unknown_account_is_left_out(people: People, tmp_path: Path) -> None:
    strangers = People.made(tmp_path)
    assert "not signed with a key" in refused(people, strangers.signed(event()))
    assert "nobody" in refused(people, people.signed(event(account="mallory"), "maria"))


def test_the_key_of_somebody_who_left_counts_no_more(people: People) -> None:
    remaining = people.organisation.people[1:]
    organisation = people.organisation.model_copy(update={"people": remaining})
    scope = people.scope()
    signed = decode(people.signed(event()))
    assert signed
    assert refusal_of(signed, scope) == ""
    gone = type(scope)(scope.genesis, scope.number, organisation)
    assert "nobody" in refusal_of(signed, gone)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"event":{},"signature":"x"}'])
def test_what_is_no_event_is_named_and_left_out(people: People, content: bytes) -> None:
    assert "it is no event" in refused(people, content)


def test_events_stand_in_the_order_of_their_moments(people: People) -> None:
    blobs = [
        people.signed(event(at=later(seconds), state=state))
        for seconds, state in [(3, "dismissed"), (1, "approved"), (2, "changes-requested")]
    ]
    said = read_events(by_digest(*blobs), people.scope())
    assert [e.state for e in said.events] == ["approved", "changes-requested", "dismissed"]


def test_nobody_becomes_the_author_of_an_open_pull_request(people: People) -> None:
    opened = people.signed(event("opened", "maria"))
    second = people.signed(event("opened", "tom", at=later(1)))
    said = read_events(by_digest(opened, second), people.scope())
    opening = said.opening()
    assert opening
    assert opening.account == "maria"
    assert "the pull request was open already" in said.unverified[0]


def test_everybody_who_ever_pushed_the_head_is_a_pusher(people: People) -> None:
    blobs = by_digest(
        people.signed(event("opened", "maria")),
        people.signed(event("pushed", "tom", commit=OTHER, at=later(1))),
        people.signed(event("pushed", "tom", at=later(2))),
    )
    said = read_events(blobs, people.scope())
    assert said.pushers_of(HEAD) == ("maria", "tom")
    assert said.pushers_of(OTHER) == ("maria", "tom")
    assert said.pushers_of(ObjectId("0" * 40)) == ()
    assert said.has_pushed("maria", HEAD)
    assert not said.has_pushed("maria", OTHER)
    assert read_events({}, people.scope()).pushers_of(HEAD) == ()


def test_a_pusher_whom_nobody_knows_is_none(people: People) -> None:
    forged = people.signed(event("pushed", "maria"), "tom")
    assert read_events(by_digest(forged), people.scope()).pushers_of(HEAD) == ()


def test_accounts_and_people_are_told_apart(people: People) -> None:
    organisation = people.organisation
    assert holder_of("maria", organisation) == "maria-x"
    assert account_of("maria-x", organisation) == "maria"
    assert holder_of("bot", organisation) == account_of("bot", organisation) == "bot"
    assert holder_of("maria-x", organisation) is account_of("maria", organisation) is None
