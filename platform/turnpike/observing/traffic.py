"""How the requests of consumers fared, by what pods counted from one look to the next, purely."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from turnpike.cluster.tally import Counted, Tally


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests of a time: how many, how many failed, and within how long 95 of 100 ended.

    ``milliseconds_p95`` is 0 of no request. Of what servers counted it is a bound of their
    histogram, the least that is known to hold; ``is_beyond`` tells that it was more than the
    greatest one.
    """

    requests: int
    errors: int
    milliseconds_p95: float
    is_beyond: bool = False

    @property
    def error_rate(self) -> float:
        """Return the share of requests that failed; 0 of no request."""
        return self.errors / self.requests if self.requests else 0.0


def traffic_of(tallies: Sequence[Tally]) -> Traffic:
    """Return what was counted from the first tally to the last.

    A pod counts from the first one that has it on: what it counted before belongs to other time.
    One whose counts went down has started again, from nothing.
    """
    requests = errors = 0
    answered: Counter[float] = Counter()
    for earlier, later in pairwise(tallies):
        for pod in earlier.keys() & later.keys():
            grown = _growth(earlier[pod], later[pod])
            requests, errors = requests + grown.requests, errors + grown.errors
            answered.update(grown.answered)
    bound = _bound_of_95(answered, requests)
    is_beyond = math.isinf(bound)
    known = max((one for one in answered if math.isfinite(one)), default=0.0)
    milliseconds = round(1000 * (known if is_beyond else bound), 3)
    return Traffic(requests, min(errors, requests), milliseconds, is_beyond)


def _growth(before: Counted, after: Counted) -> Counted:
    if after.requests < before.requests:
        return after
    answered = {
        bound: max(0, count - before.answered.get(bound, 0))
        for bound, count in after.answered.items()
    }
    errors = max(0, after.errors - before.errors)
    return Counted(after.requests - before.requests, errors, answered)


def _bound_of_95(answered: Mapping[float, int], requests: int) -> float:
    """Return the smallest bound that at least 95 of 100 requests did not exceed."""
    wanted = 0.95 * max(requests, answered.get(math.inf, 0))
    if not wanted:
        return 0.0
    return next((bound for bound in sorted(answered) if answered[bound] >= wanted), math.inf)
