"""What an observer would say of a cluster whose nodes run no model that could answer.

The nodes are kwok's. Of a server that answers, the observer says it itself: ``test_observing.py``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from turnpike.documents.canonical import to_json
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION, Statement, statement_about
from turnpike.manifest.model import GenerativeModel, PredictiveModel


def seen_healthy(model: PredictiveModel | GenerativeModel, minutes: int) -> Statement:
    """Return what an observer says who has watched a version in dev until now."""
    now = datetime.now(UTC).replace(microsecond=0)
    seen = Observation(
        environment="dev",
        target="local",
        healthy=True,
        error_rate=0.0,
        latency_p95_milliseconds=5.0,
        requests=100,
        started_at=now - timedelta(minutes=minutes),
        finished_at=now,
    )
    predicate = to_json(seen)
    assert isinstance(predicate, dict)
    assert model.artifact is not None
    return statement_about(model.key, model.artifact.digest, OBSERVATION, predicate)
