"""How long to wait before a Git host is asked again, and when not to ask again at all.

Sources: RFC 9110, section 10.2.3 (Retry-After); GitHub's and GitLab's pages about their rate
limits. A request that a limit turned away was not carried out, so any may be sent again; after any
other failure only one that can be done twice.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TypeVar

Answer = TypeVar("Answer")

_REPEATABLE = frozenset(("GET", "HEAD", "PUT", "PATCH", "DELETE"))
_SECONDARY = "secondary rate limit"
_SECONDARY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one request; ``status`` is 0 where no answer came.

    The names of headers are in lower case; ``said`` is the text of an answer that is a refusal.
    """

    method: str
    status: int
    headers: Mapping[str, str]
    said: str = ""

    @property
    def is_limited(self) -> bool:
        """Tell whether a rate limit turned the request away."""
        if self.status == 429:
            return True
        spent = self.headers.get("x-ratelimit-remaining") == "0"
        told = "retry-after" in self.headers or _SECONDARY in self.said.lower()
        return self.status == 403 and (spent or told)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, how long and at which answers one waits; ``jitter`` is in [0, 1)."""

    tries: int = 5
    first_seconds: float = 0.3
    longest_seconds: float = 60.0
    busy: frozenset[int] = frozenset((0, 500, 502, 503, 504))
    clock: Callable[[], float] = time.time
    jitter: Callable[[], float] = random.SystemRandom().random
    sleep: Callable[[float], None] = time.sleep

    def ask(
        self,
        once: Callable[[], tuple[Answer | None, Exception]],
        became: Callable[[Answer | None], Answered],
    ) -> Answer:
        """Ask until there is an answer, or patience ends.

        ``once`` asks once, and returns what it got with what to raise where that is nothing;
        ``became`` says what that is.
        """
        attempt = 1
        while True:
            answer, failure = once()
            wait = self.wait(became(answer), attempt)
            if wait is None:
                break
            self.sleep(wait)
            attempt += 1
        if answer is None:
            raise failure
        return answer

    def wait(self, answered: Answered, attempt: int) -> float | None:
        """Return the seconds to wait after an attempt, counted from 1; None: do not ask again.

        Where the host wants more patience than there is, asking again would only fail again.
        """
        if attempt >= self.tries or not self._may_repeat(answered):
            return None
        told = self._told(answered)
        backoff = self.first_seconds * 2 ** (attempt - 1)
        seconds = backoff if told is None else told
        # Jitter comes on top: a host that asks for exactly the longest wait is waited for.
        return seconds + self.jitter() * backoff if seconds <= self.longest_seconds else None

    def _may_repeat(self, answered: Answered) -> bool:
        repeatable = answered.method in _REPEATABLE and answered.status in self.busy
        return answered.is_limited or repeatable

    def _told(self, answered: Answered) -> float | None:
        """Return how many seconds the host asks to be left alone; None where it does not say."""
        if after := answered.headers.get("retry-after"):
            return self._seconds_of(after)
        for family in ("x-ratelimit", "ratelimit") if answered.is_limited else ():
            # Where requests are left the limit was another one, which does not end with these.
            is_spent = answered.headers.get(f"{family}-remaining", "0") == "0"
            moment = answered.headers.get(f"{family}-reset", "")
            if is_spent and moment.isdecimal():
                return max(0.0, float(moment) - self.clock())
        return _SECONDARY_SECONDS if _SECONDARY in answered.said.lower() else None

    def _seconds_of(self, after: str) -> float | None:
        if after.strip().isdecimal():
            return float(after)
        try:
            moment = parsedate_to_datetime(after)
        except ValueError:  # neither seconds nor a date
            return None
        # RFC 9110, section 5.6.7: a date without a zone, as old servers write it, is of UTC too.
        return max(0.0, moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - self.clock())
