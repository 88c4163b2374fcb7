"""How good the answers of what serves are: to held-out records, whose labels stay on this side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from turnpike.cluster.open_inference import Scalar
from turnpike.cluster.table_request import Row
from turnpike.evidence.predicates import MetricValue
from turnpike.manifest.validation import LOWER_IS_BETTER
from turnpike.scoring.answers import Answers, Label, chosen_classes, value_answers
from turnpike.scoring.metrics import measure
from turnpike.scoring.score import OVERALL

Quality = tuple[MetricValue, ...]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Records to ask a model with, and their labels; of a regression the answers are numbers."""

    rows: tuple[Row, ...]
    labels: tuple[Label, ...]
    is_regression: bool


def quality_of(held_out: HeldOut, answers: Sequence[Scalar]) -> Quality:
    """Return what the answers are worth; nothing where there is not one for each record."""
    if not answers or len(answers) != len(held_out.labels):
        return ()
    values = measure(held_out.labels, _read(held_out, answers)).items()
    return tuple(
        MetricValue(slice=OVERALL, metric=metric, value=value, records=len(answers))
        for metric, value in sorted(values)
    )


def worse_of(one: Quality, other: Quality) -> Quality:
    """Return of each metric the worse value that was measured."""
    found: dict[str, MetricValue] = {}
    for value in (*one, *other):
        known = found.get(value.metric)
        if known is None or is_worse(value, known):
            found[value.metric] = value
    return tuple(found[metric] for metric in sorted(found))


def is_worse(one: MetricValue, other: MetricValue) -> bool:
    """Tell whether a value of a metric is worse than another one of it."""
    if one.metric in LOWER_IS_BETTER:
        return one.value > other.value
    return one.value < other.value


def _read(held_out: HeldOut, answers: Sequence[Scalar]) -> Answers:
    if held_out.is_regression:
        return value_answers([(float(one),) for one in answers])
    return chosen_classes(answers, held_out.labels)
