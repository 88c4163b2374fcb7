"""Observations as they are published: whether one stands, and which others it makes superfluous.

An observer says the same of a longer and longer time, so that a stretch of hours is one statement.
What a longer one says includes what a shorter one said, which can then go.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import ENVELOPE, Envelope, is_signed_by, statement_in
from turnpike.evidence.predicates import OBSERVATION_RESULT, MetricValue, Observation
from turnpike.evidence.statement import ISSUED_BY, OBSERVATION
from turnpike.manifest.validation import LOWER_IS_BETTER
from turnpike.topology.key import Key


@dataclass(frozen=True, slots=True)
class Observed:
    """What one envelope says that somebody saw; its signature is not checked."""

    artifact: Digest
    key_id: Digest
    observation: Observation


def envelope_in(content: bytes) -> Envelope | None:
    """Return the envelope in a blob; None where there is none."""
    try:
        return ENVELOPE.validate_json(content)
    except ValidationError:
        return None


def observed_in(envelope: Envelope) -> Observed | None:
    """Return the observation in an envelope; None unless it is one, of exactly one artifact."""
    statement = statement_in(envelope)
    if statement is None or statement.predicate_type != OBSERVATION or len(statement.subject) != 1:
        return None
    digest = statement.subject[0].digest.get("sha256")
    if digest is None:
        return None
    try:
        observation = OBSERVATION_RESULT.validate_json(json.dumps(statement.predicate))
    except ValidationError:
        return None
    return Observed(Digest(f"sha256:{digest}"), envelope.key_id(), observation)


def refusal_of(envelope: Envelope | None, artifact: Digest, keys: Iterable[Key]) -> str:
    """Tell why an envelope is no observation of an artifact by one of the keys; empty if it is.

    ``keys`` are those that are valid now; of another role than the observer's none counts.
    """
    seen = observed_in(envelope) if envelope else None
    if envelope is None or seen is None:
        return "it is no observation of one artifact"
    if seen.artifact != artifact:
        return f"it is about {seen.artifact}"
    known = {key.id: key for key in keys if key.role == ISSUED_BY[OBSERVATION]}
    key = known.get(seen.key_id)
    if key is None:
        return "no observer's key on main signed it"
    return "" if is_signed_by(envelope, key) else f"its signature is not that of {key.name}"


def replaces(newer: Envelope, older: Envelope) -> bool:
    """Tell whether nothing is lost without the older one, and no time counts that did not before.

    Both are of one key, about one artifact in one place, and the newer one covers all the time of
    the older. Unhealthy time takes healthy time away, so it replaces either; healthy time replaces
    only healthy time, and claims neither fewer errors nor quicker or better answers.
    """
    mine, theirs = observed_in(newer), observed_in(older)
    if mine is None or theirs is None or newer.digest() == older.digest():
        return False
    return _place(mine) == _place(theirs) and _covers(mine.observation, theirs.observation)


def _place(seen: Observed) -> tuple[str, ...]:
    said = seen.observation
    return seen.artifact, seen.key_id, said.environment, said.target


def _covers(mine: Observation, theirs: Observation) -> bool:
    all_of_it = mine.started_at <= theirs.started_at and theirs.finished_at <= mine.finished_at
    return all_of_it and (not mine.healthy or (theirs.healthy and _is_no_better(mine, theirs)))


def _is_no_better(mine: Observation, theirs: Observation) -> bool:
    latencies = mine.latency_p95_milliseconds, theirs.latency_p95_milliseconds
    is_as_slow = mine.error_rate >= theirs.error_rate and latencies[0] >= latencies[1]
    return is_as_slow and all(_is_told(one, mine) for one in theirs.quality)


def _is_told(one: MetricValue, said: Observation) -> bool:
    """Tell whether an observation says as bad a value of the same metric."""
    sign = -1 if one.metric in LOWER_IS_BETTER else 1
    alike = (o for o in said.quality if (o.slice, o.metric) == (one.slice, one.metric))
    return any(sign * other.value <= sign * one.value for other in alike)
