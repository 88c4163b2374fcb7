"""Scores all records and every slice of them."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.evidence.predicates import MetricValue
from turnpike.manifest.validation import Validation
from turnpike.scoring.answers import Answers
from turnpike.scoring.metrics import measure
from turnpike.scoring.records import Records

OVERALL = "overall"


def score(validation: Validation, records: Records, answers: Answers) -> tuple[MetricValue, ...]:
    """Return every metric of all records and of each slice; undefined ones are left out.

    Raises InputError where a slice cannot be picked.
    """
    parts: dict[str, tuple[int, ...]] = {OVERALL: tuple(range(len(records.labels)))}
    parts |= {part.name: records.members(part) for part in validation.slices}
    return tuple(
        value
        for name, members in parts.items()
        for value in _values(name, members, records, answers)
    )


def _values(
    name: str, members: tuple[int, ...], records: Records, answers: Answers
) -> Iterator[MetricValue]:
    labels = [records.labels[member] for member in members]
    for metric, value in measure(labels, answers.at(members)).items():
        yield MetricValue(slice=name, metric=metric, value=value, records=len(members))
