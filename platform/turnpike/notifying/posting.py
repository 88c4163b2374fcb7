"""One POST of JSON, tried again while the receiver is busy, ill or away.

Waits are exponential with full jitter, and at least what Retry-After says (RFC 9110, section
10.2.3), within bounds. A receiver that refuses is asked once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import JsonValue

from turnpike.errors import CannotDecide, Interrupted, Unavailable

if TYPE_CHECKING:
    from requests import Response

_CONNECT_SECONDS = 5.0
_LONGEST_WAIT = 60.0
_BUSY = frozenset((408, 425, 429))

Wait = Callable[[float], bool]
"""Waits some seconds; true where it was asked to stop meanwhile."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a receiver is waited for."""

    wait: Wait
    tries: int = 6
    first_seconds: float = 0.5
    answer_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that never shows more than its host."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        """Return scheme and host."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def post(to: Address, content_type: str, value: JsonValue, patience: Patience) -> None:
    """Post and return once the receiver took it; see ``Sink.send`` for what is raised."""
    body = json.dumps(value, separators=(",", ":")).encode()
    found = "nothing"
    for number in range(patience.tries):
        found, asked = _try(to, content_type, body, patience.answer_seconds)
        if not found:
            return
        if number + 1 < patience.tries and patience.wait(_pause(patience, number, asked)):
            raise Interrupted(f"{to}: stopped while waiting for it to answer")
    raise Unavailable(
        f"{to}: expected it to take an event within {patience.tries} tries, found {found}",
        code="notify.unavailable",
        solution="See whether the receiver answers; then run the same command again: it goes on"
        " with this event.",
    )


def _pause(patience: Patience, number: int, asked: float) -> float:
    longest = min(_LONGEST_WAIT, patience.first_seconds * 2**number)
    return min(_LONGEST_WAIT, max(asked, SystemRandom().uniform(0, longest)))


def _try(to: Address, content_type: str, body: bytes, seconds: float) -> tuple[str, float]:
    """Return why it was not taken (empty: it was) and how many seconds the receiver asks for."""
    import requests

    try:
        with requests.post(
            to.url, data=body, headers={"Content-Type": content_type}, stream=True,
            timeout=(_CONNECT_SECONDS, seconds), allow_redirects=False,
        ) as answer:  # fmt: skip
            return _judged(to, answer)
    except requests.RequestException as error:
        return type(error).__name__, 0.0


def _judged(to: Address, answer: Response) -> tuple[str, float]:
    status = answer.status_code
    if status in _BUSY or status >= 500:
        return f"HTTP status {status}", _retry_after(answer.headers.get("Retry-After", ""))
    if 200 <= status < 300 and "html" not in answer.headers.get("Content-Type", ""):
        return "", 0.0
    # A page for people under a 200 is a login or a proxy, which takes no events.
    found = f"HTTP status {status}" if status >= 300 else "a page of HTML"
    raise CannotDecide(
        f"{to}: expected it to take an event, found {found}",
        code="notify.refused",
        solution="Compare the URL with what the receiver says; --since goes on after an event"
        " that it will never take.",
    )


def _retry_after(text: str) -> float:
    if text.isascii() and text.isdigit():
        return min(_LONGEST_WAIT, float(text[:6]))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        return 0.0
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
