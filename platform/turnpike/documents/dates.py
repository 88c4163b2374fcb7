"""Dates within text: when what compares them with the clock may answer otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

# Begins with a hyphen and looks behind for the year, so that the search leaps over everything else:
# the facts of a large change hold megabytes of digests.
_DATE = re.compile(
    r"-(?<=(?<![0-9])(?P<year>[0-9]{4})-)(?P<day>[0-9]{2}-[0-9]{2})"
    r"(?P<time>[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?(?![0-9])"
)
_DAY = timedelta(days=1)


def dates_in(text: str) -> tuple[datetime, ...]:
    """Return every RFC 3339 date and date-time in a text, each once, in order.

    A day without a time stands for its first moment and for its end, in UTC.
    """
    return tuple(sorted({moment for match in _DATE.finditer(text) for moment in _moments(match)}))


def _moments(match: re.Match[str]) -> Iterator[datetime]:
    try:
        if match["time"]:
            yield datetime.fromisoformat(f"{match['year']}{match[0]}".upper()).astimezone(UTC)
            return
        day = datetime.fromisoformat(f"{match['year']}-{match['day']}").replace(tzinfo=UTC)
        yield from (day, day + _DAY)
    except (ValueError, OverflowError):  # 2026-13-45 is no date, and nothing compares with it
        return
