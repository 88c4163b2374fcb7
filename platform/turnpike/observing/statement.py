"""What was seen, as the observer's statement about the artifact that was released, purely."""

from __future__ import annotations

from turnpike.cluster.interface import Watched
from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import Digest
from turnpike.errors import Defect
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION, Statement, statement_about
from turnpike.observing.interval import Interval


def observation_of(watched: Watched, interval: Interval) -> Observation:
    """Return what is said of an interval of which something is known."""
    return Observation(
        environment=watched.environment,
        target=watched.target,
        healthy=interval.is_healthy,
        error_rate=interval.error_rate,
        latency_p95_milliseconds=interval.latency_p95_milliseconds,
        requests=interval.requests,
        started_at=interval.started_at,
        finished_at=interval.finished_at,
        quality=interval.quality,
    )


def observation_statement(model: str, artifact: Digest, said: Observation) -> Statement:
    """Return what is signed; it is about the released artifact, whatever served instead."""
    predicate = to_json(said)
    if not isinstance(predicate, dict):
        raise Defect("an observation that is no object")
    return statement_about(model, artifact, OBSERVATION, predicate)
