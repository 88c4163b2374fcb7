"""What was measured of the version that is live in the last environments."""

from __future__ import annotations

import json

from turnpike.evidence.envelope import statement_in
from turnpike.evidence.predicates import VALIDATION_RESULT, MetricValue
from turnpike.evidence.statement import VALIDATION
from turnpike.judge.layout import deployment_of
from turnpike.manifest.release import Release
from turnpike.record.record import Record
from turnpike.topology.environment import Environment


def live_metrics(
    environments: dict[str, Environment], releases: dict[str, Release], record: Record
) -> tuple[MetricValue, ...]:
    """Return the platform run's metrics of what the last environments serve; none without one.

    For showing a comparison early: the judge reads the same from its own facts.
    """
    sources = {name for one in environments.values() for name in one.promotes_from}
    live = {
        release.artifact
        for path, release in releases.items()
        if (key := deployment_of(path)) and key.environment not in sources
    }
    for envelope in record.statements_about(sorted(live)):
        statement = statement_in(envelope)
        if statement is None or statement.predicate_type != VALIDATION:
            continue
        result = VALIDATION_RESULT.validate_json(json.dumps(statement.predicate))
        if result.run == "platform" and not result.preview:
            return result.metrics
    return ()
