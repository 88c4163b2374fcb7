"""Whose approval counts: the right commit, the latest word, a member, and nobody's own change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from turnpike.topology.organisation import Organisation

SKEW = timedelta(minutes=5)
"""How far a reviewer's clock may be ahead of the judge's."""

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Word:
    """One review: which account said what of which commit, and when.

    ``member`` tells whether the host still lists the account; None where the host does not say.
    """

    account: str
    state: Literal["approved", "changes-requested", "dismissed"]
    commit: str
    at: datetime
    member: bool | None = True


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
    organisation: Organisation,
    host: str,
    head: str,
    words: Iterable[Word],
    involved: Iterable[str],
    latest_moment: datetime = _NEVER,
) -> Approvals:
    """Return whose approvals of ``head`` count, of those not later than ``latest_moment``.

    ``involved`` are the ids of everybody who wrote or pushed the change: nobody approves their own.
    Of a person's words, by whichever account, the latest one counts; an approval of another commit
    or by an account that is no member is none, so it neither counts nor takes anything back.
    """
    own, holders = frozenset(involved), organisation.holders_on(host)
    latest: dict[str, Word] = {}
    ignored: set[Ignored] = set()
    # Of two words at the same moment the one that is no approval counts.
    for word in sorted(words, key=lambda word: (word.at, word.state, word.account)):
        person = holders.get(word.account.casefold())
        late = word.state == "approved" and word.at > latest_moment
        refusal = _of_the_future(word) if late else _refusal(word, head)
        refusal = _of_nobody(organisation, word) if person is None else refusal
        if refusal is not None:
            ignored.add(refusal)
        elif person is not None:
            latest[person] = word
    approving = {person: word for person, word in latest.items() if word.state == "approved"}
    ignored |= {_of_ones_own(word) for person, word in approving.items() if person in own}
    return Approvals(
        frozenset(approving) - own,
        frozenset(p for p, word in latest.items() if word.state == "changes-requested"),
        tuple(sorted(ignored, key=lambda one: (one.account, one.code, one.reason))),
    )


def _of_nobody(organisation: Organisation, word: Word) -> Ignored:
    if any(bot.id == word.account for bot in organisation.bots):
        return Ignored(word.account, "approval.bot", "a bot approves nothing")
    reason = "no person in organisation.yaml holds this account"
    return Ignored(word.account, "approval.unknown-account", reason)


def _refusal(word: Word, head: str) -> Ignored | None:
    """Return why an approval is none; objections and dismissals always are what they are."""
    if word.state != "approved":
        return None
    if word.commit != head:
        reason = f"it approves {word.commit[:12]}, the head is now {head[:12]}"
        return Ignored(word.account, "approval.stale", reason)
    if word.member is None:
        reason = "the host does not say whether the account is still a member"
        return Ignored(word.account, "approval.membership-unknown", reason)
    if not word.member:
        reason = "the host no longer lists the account as a member"
        return Ignored(word.account, "approval.removed-member", reason)
    return None


def _of_the_future(word: Word) -> Ignored:
    """Nothing that is said now could take it back, for the latest word counts."""
    reason = f"it is of {word.at.isoformat()}, which is still to come"
    return Ignored(word.account, "approval.of-the-future", reason)


def _of_ones_own(word: Word) -> Ignored:
    reason = "whoever wrote or pushed the change cannot approve it"
    return Ignored(word.account, "approval.own-change", reason)


def involved_in(
    organisation: Organisation, host: str, accounts: Iterable[str], emails: Iterable[str]
) -> frozenset[str]:
    """Return the ids of the people and bots behind accounts and commit addresses."""
    by_account = {organisation.person_of_account(host, account) for account in accounts}
    by_email = {organisation.person_of_email(email) for email in emails}
    return frozenset(person for person in by_account | by_email if person)
