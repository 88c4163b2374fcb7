"""What was measured of the version that is live in the last environments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from turnpike.documents.identifiers import ObjectId
from turnpike.evidence.envelope import Envelope, statement_in
from turnpike.evidence.predicates import VALIDATION_RESULT, MetricValue, ValidationResult
from turnpike.evidence.statement import VALIDATION
from turnpike.judge.layout import ModelKey
from turnpike.judge.live import live_releases, measured_of
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.record.record import Record
from turnpike.topology.environment import Environment


def live_metrics(
    key: ModelKey,
    environments: Mapping[str, Environment],
    releases: Mapping[str, Release],
    manifests: Mapping[ObjectId, PredictiveModel | GenerativeModel],
    record: Record,
) -> tuple[MetricValue, ...]:
    """Return the platform run's metrics of what the last environments serve; none without one.

    ``manifests`` are those that the releases name, by blob. For showing a comparison early: the
    judge takes the same from its own facts, and also weighs who signed.
    """
    found = [
        measured_of(
            release,
            manifests.get(release.manifest),
            _results(record.statements_about([release.artifact])),
        )
        for release in live_releases(environments, releases, key)
    ]
    return tuple(metric for run in found if run for metric in run.metrics)


def _results(envelopes: Iterable[Envelope]) -> Iterable[ValidationResult]:
    for envelope in envelopes:
        statement = statement_in(envelope)
        if statement is None or statement.predicate_type != VALIDATION:
            continue
        try:
            yield VALIDATION_RESULT.validate_json(json.dumps(statement.predicate))
        except ValidationError:  # the judge leaves it out as well, and says so
            continue
