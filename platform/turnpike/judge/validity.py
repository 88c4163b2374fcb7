"""Until when a decision holds: nothing that it relied on changes any earlier.

What depends on the clock: whether a key counts (any key: one that becomes valid lets in what it
signed), whether a review is still to come, and what rules compare with ``input.now``, which can
only be a date that they are shown or that stands in the policies themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from turnpike.approvals.given import SKEW
from turnpike.documents.dates import dates_in
from turnpike.judge.batch import batch_json
from turnpike.judge.emergencies import unpaid_debts
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import PolicyInput
from turnpike.judge.sync_windows import sync_window_ends

LONGEST_VALIDITY = timedelta(minutes=10)
_LAST = datetime.max.replace(tzinfo=UTC)


def valid_until(
    facts: Facts, queries: tuple[PolicyInput, ...], ends: Iterable[datetime] = ()
) -> datetime:
    """Return the earliest moment after the clock at which the same facts could decide otherwise.

    ``ends`` is when evidence ends that the judge itself, and no rule, looks at.
    """
    longest = min(LONGEST_VALIDITY, _LAST - facts.clock)
    later = (moment for moment in ends if moment > facts.clock)
    return min(facts.clock + longest, first_moment(facts, queries), *later)


def first_moment(facts: Facts, queries: tuple[PolicyInput, ...]) -> datetime:
    """Return the same, however far ahead; the last moment of all where nothing ever ends."""
    ends = (moment for moment in _moments(facts, queries) if moment > facts.clock)
    return min(ends, default=_LAST)


def _moments(facts: Facts, queries: tuple[PolicyInput, ...]) -> Iterator[datetime]:
    for key in facts.keys:
        yield from (key.valid_from, key.valid_until)
        if key.revoked_at:
            yield key.revoked_at
    for review in facts.pull_request.reviews if facts.pull_request else ():
        if review.at - facts.clock > SKEW:
            yield review.at - SKEW
    yield from facts.tools.policy_dates
    yield from (waiver.expires_at for waiver in facts.base.waivers.values())
    yield from sync_window_ends(facts)
    yield from (debt.due for debt in unpaid_debts(facts))
    yield from dates_in(batch_json(queries).decode())
