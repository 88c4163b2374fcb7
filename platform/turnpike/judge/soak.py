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
    """Return for how many whole seconds a release's artifact was seen healthy where it stands."""
    seen = observations_of(key, release, testimony)
    return kept_seconds(model.slo if model else None, seen, until)


def kept_seconds(
    promise: ServiceLevel | None, observations: Iterable[Observation], until: datetime
) -> int:
    """Return for how many whole seconds observations of one place say that it was healthy.

    Seen as unhealthy is also what broke the model's promise to its consumers.
    """
    sightings = (
        Sighting(one.started_at, one.finished_at, one.healthy and _is_kept(promise, one))
        for one in observations
    )
    return healthy_time(sightings, until) // timedelta(seconds=1)


def observations_of(
    key: DeploymentKey, release: Release, testimony: Iterable[Testimony]
) -> Iterator[Observation]:
    """Yield what observers said of a release's artifact in its environment and target."""
    about = (one for one in testimony if one.statement.is_about(release.artifact))
    return seen_at(key, (one.predicate for one in about if isinstance(one.predicate, Observation)))


def seen_at(key: DeploymentKey, observations: Iterable[Observation]) -> Iterator[Observation]:
    """Yield what was seen in the environment and target of a deployment."""
    place = (key.environment, key.target)
    return (seen for seen in observations if (seen.environment, seen.target) == place)


def _is_kept(promise: ServiceLevel | None, seen: Observation) -> bool:
    if promise is None:
        return True
    is_available = seen.error_rate <= (100 - promise.availability_percent) / 100
    return is_available and seen.latency_p95_milliseconds <= promise.latency_p95_milliseconds
