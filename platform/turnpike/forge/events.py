"""Signed events of one pull request, verified: what counts, and what is left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.event import NAMESPACE, Event, SignedEvent, decode
from turnpike.signing.ssh import signer_of, verify_ssh
from turnpike.topology.organisation import Organisation

HOST = "embedded"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an event must be about, and the organisation whose keys count."""

    genesis: ObjectId
    number: int
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Said:
    """The verified events of a pull request in the order of their moments, and those left out."""

    events: tuple[Event, ...]
    unverified: tuple[str, ...]

    def opening(self) -> Event | None:
        """Return the event that opened the pull request."""
        return next((event for event in self.events if event.kind == "opened"), None)

    def title(self) -> str:
        """Return what it carries by the word of whoever last said so, on opening or pushing it."""
        said = (e.title for e in reversed(self.events) if e.kind in {"opened", "pushed"})
        return next((title for title in said if title), "")

    def pushers_of(self, head: ObjectId) -> tuple[str, ...]:
        """Return all accounts that vouched for a push, where one of them vouches for ``head``.

        Whoever pushed an earlier head has a part in this one as well.
        """
        pushes = [event for event in self.events if event.kind in {"opened", "pushed"}]
        if all(event.commit != head for event in pushes):
            return ()
        return tuple(sorted({event.account for event in pushes}))

    def has_pushed(self, account: str, head: ObjectId) -> bool:
        """Tell whether an account vouched for having pushed a commit."""
        pushes = (e for e in self.events if e.kind in {"opened", "pushed"} and e.commit == head)
        return any(event.account == account for event in pushes)


def read_events(blobs: Mapping[str, bytes], scope: Scope) -> Said:
    """Verify the events of a pull request; ``blobs`` are by the digest that their ref names."""
    events: list[tuple[Event, str]] = []
    unverified: list[str] = []
    for digest, content in sorted(blobs.items()):
        signed = decode(content)
        reason = "it is no event" if signed is None else refusal_of(signed, scope)
        if signed is None or reason:
            unverified.append(f"event {digest[:12]}: {reason}")
        else:
            events.append((signed.event, digest))
    ordered = [event for event, _ in sorted(events, key=lambda pair: (pair[0].at, pair[1]))]
    kept, doubles = _one_opening(ordered)
    return Said(kept, (*unverified, *doubles))


def refusal_of(signed: SignedEvent, scope: Scope) -> str:
    """Return why an event does not count; empty where it does."""
    event = signed.event
    if event.genesis != scope.genesis:
        return f"it was said in another instance, {event.genesis[:12]}"
    if event.pull_request != scope.number:
        return f"it was said of pull request {event.pull_request}"
    holder = holder_of(event.account, scope.organisation)
    if holder is None:
        return f"nobody in organisation.yaml holds the account {event.account!r}"
    key = signer_of(signed.signature)
    if key is None or scope.organisation.holder_of_key(key) != holder:
        return f"it is not signed with a key of {event.account!r}"
    if not verify_ssh(key, NAMESPACE, event.signed_bytes(), signed.signature):
        return f"its signature for {event.account!r} is not valid"
    return ""


def holder_of(account: str, organisation: Organisation) -> str | None:
    """Return the id of the person or bot behind an account."""
    for person in organisation.people:
        if account in person.accounts_on(HOST):
            return person.id
    return next((bot.id for bot in organisation.bots if bot.id == account), None)


def account_of(person: str, organisation: Organisation) -> str | None:
    """Return the account of a person or bot on this host; None for somebody who has none."""
    for known in organisation.people:
        if known.id == person:
            return known.accounts.get(HOST)
    return next((bot.id for bot in organisation.bots if bot.id == person), None)


def _one_opening(events: Iterable[Event]) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """Keep the first event that opened the pull request: nobody becomes its author later."""
    kept: list[Event] = []
    doubles: list[str] = []
    for event in events:
        if event.kind == "opened" and any(one.kind == "opened" for one in kept):
            doubles.append(f"event of {event.account!r}: the pull request was open already")
        else:
            kept.append(event)
    return tuple(kept), tuple(doubles)
