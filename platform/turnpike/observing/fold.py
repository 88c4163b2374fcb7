"""Few statements where a deployment went up and down: the oldest are told as one, purely."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from turnpike.evidence.predicates import Observation
from turnpike.observing.quality import worse_of

MOST_IN_A_PLACE = 20


def folded(seen: Iterable[Observation]) -> Observation | None:
    """Return one unhealthy observation over the older half of too many; None where they are few.

    All are of one observer, about one artifact in one place. The healthy time of the older half is
    given up, and nothing is claimed for it: whoever flaps soaks anew. A host takes only so many.
    """
    ordered = sorted(seen, key=lambda one: (one.finished_at, one.started_at))
    if len(ordered) <= MOST_IN_A_PLACE:
        return None
    older = ordered[: len(ordered) // 2]
    requests = sum(one.requests for one in older)
    errors = sum(one.error_rate * one.requests for one in older)
    return Observation(
        environment=older[0].environment,
        target=older[0].target,
        healthy=False,
        error_rate=min(1.0, errors / requests) if requests else 0.0,
        latency_p95_milliseconds=max(one.latency_p95_milliseconds for one in older),
        requests=requests,
        started_at=min(one.started_at for one in older),
        finished_at=older[-1].finished_at,
        quality=reduce(worse_of, (one.quality for one in older)),
    )
