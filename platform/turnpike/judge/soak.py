"""How long observers saw a release healthy: only such time counts towards a soak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from turnpike.evidence.predicates import Observation
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.testimony import Testimony
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.manifest.serving import ServiceLevel
from turnpike.schedule.soak import Sighting, healthy_time


def healthy_seconds(
    key: DeploymentKey,
    release: Release,
    model: PredictiveModel | GenerativeModel | None,
    testimony: Iterable[Testimony],
    until: datetime,
) -> int:
    """Return for how many whole seconds a release's artifact was seen healthy where it stands.

    Seen as unhealthy is also what broke the model's promise to its consumers.
    """
    promise = model.slo if model else None
    sightings = (
        Sighting(one.started_at, one.finished_at, one.healthy and _is_kept(promise, one))
        for one in observations_of(key, release, testimony)
    )
    return healthy_time(sightings, until) // timedelta(seconds=1)


def observations_of(
    key: DeploymentKey, release: Release, testimony: Iterable[Testimony]
) -> Iterator[Observation]:
    """Yield what observers said of a release's artifact in its environment and target."""
    place = (key.environment, key.target)
    for witness in testimony:
        seen = witness.predicate
        if not isinstance(seen, Observation) or (seen.environment, seen.target) != place:
            continue
        if witness.statement.is_about(release.artifact):
            yield seen


def _is_kept(promise: ServiceLevel | None, seen: Observation) -> bool:
    if promise is None:
        return True
    is_available = seen.error_rate <= (100 - promise.availability_percent) / 100
    return is_available and seen.latency_p95_milliseconds <= promise.latency_p95_milliseconds
