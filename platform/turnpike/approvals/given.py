"""Whose approval counts: the right commit, the latest word, a member, and nobody's own change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from turnpike.topology.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Word:
    """One review: which account said what of which commit, and when."""

    account: str
    state: Literal["approved", "changes-requested", "dismissed"]
    commit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ignored:
    """A review that does not count, and why."""

    account: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """The people whose approval counts, each once, and the reviews that do not count."""

    people: frozenset[str]
    objecting: frozenset[str]
    ignored: tuple[Ignored, ...]


def approvals_of(
    organisation: Organisation, host: str, head: str, words: Iterable[Word], involved: Iterable[str]
) -> Approvals:
    """Return whose approvals of ``head`` count.

    ``involved`` are the ids of everybody who wrote or pushed the change: nobody approves their own.
    """
    latest: dict[str, Word] = {}
    # Of two words at the same moment the one that is no approval counts.
    for word in sorted(words, key=lambda word: (word.at, word.state)):
        latest[word.account] = word
    own = frozenset(involved)
    people: set[str] = set()
    objecting: set[str] = set()
    ignored: list[Ignored] = []
    for account, word in sorted(latest.items()):
        person = _person_of(organisation, host, account)
        refusal = _refusal(account, person, word, head, own)
        if refusal:
            ignored.append(refusal)
        elif person and word.state == "approved":
            people.add(person)
        elif person and word.state == "changes-requested":
            objecting.add(person)
    return Approvals(frozenset(people), frozenset(objecting), tuple(ignored))


def _refusal(
    account: str, person: str | None, word: Word, head: str, own: frozenset[str]
) -> Ignored | None:
    if person is None:
        reason = "no person in organisation.yaml holds this account"
        return Ignored(account, "approval.unknown-account", reason)
    if word.state == "approved" and person in own:
        reason = "whoever wrote or pushed the change cannot approve it"
        return Ignored(account, "approval.own-change", reason)
    if word.state == "approved" and word.commit != head:
        reason = f"it approves {word.commit[:12]}, the head is now {head[:12]}"
        return Ignored(account, "approval.stale", reason)
    return None


def _person_of(organisation: Organisation, host: str, account: str) -> str | None:
    for person in organisation.people:
        if person.accounts.get(host) == account:
            return person.id
    return None


def involved_in(
    organisation: Organisation, host: str, accounts: Iterable[str], emails: Iterable[str]
) -> frozenset[str]:
    """Return the ids of the people and bots behind accounts and commit addresses."""
    by_account = {_person_of(organisation, host, account) for account in accounts}
    by_email = {organisation.person_of_email(email) for email in emails}
    return frozenset(person for person in by_account | by_email if person)
