"""Observations in signed envelopes, for tests: of one artifact in one place, unless said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION, Statement, statement_about

START = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
SEEN = digest_of(b"the artifact that is served")


def observation(start: int = 0, end: int = 60, *, healthy: bool = True) -> Observation:
    """Return what was seen in staging/local between two minutes after the start."""
    return Observation(
        environment="staging",
        target="local",
        healthy=healthy,
        error_rate=0.0 if healthy else 0.5,
        latency_p95_milliseconds=12.5,
        requests=10,
        started_at=START + timedelta(minutes=start),
        finished_at=START + timedelta(minutes=end),
    )


def stated(said: Observation, artifact: Digest = SEEN) -> Statement:
    """Return the statement that an observer signs."""
    predicate = to_json(said)
    assert isinstance(predicate, dict)
    return statement_about("oncology/triage", artifact, OBSERVATION, predicate)
