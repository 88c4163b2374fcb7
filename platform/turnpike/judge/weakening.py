"""Which demands on a model a change weakens: those are for the risk group to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.judge.facts import Facts
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.validation import LOWER_IS_BETTER, Metric, Slice, Validation


def weakened(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the manifest's path and the demand, for each that the change lowers or takes away."""
    for path, before in sorted(facts.base.models.items()):
        after = facts.head.models.get(path)
        if isinstance(before, PredictiveModel) and isinstance(after, PredictiveModel):
            for demand in _weaker(before.validation, after.validation):
                yield path, demand


def _weaker(before: Validation, after: Validation) -> Iterator[str]:
    yield from _lowered("overall", before.thresholds, after.thresholds)
    slices = {one.name: one for one in after.slices}
    for old in before.slices:
        new = slices.get(old.name)
        if new is None or _records(new) != _records(old):
            yield f"slice {old.name}"
        else:
            yield from _lowered(old.name, old.thresholds, new.thresholds)
    wider = sorted(m for m, most in after.margin.items() if most > before.margin.get(m, 0.0))
    yield from (f"margin of {metric}" for metric in wider)


def _lowered(name: str, old: Mapping[Metric, float], new: Mapping[Metric, float]) -> Iterator[str]:
    for metric, demand in sorted(old.items()):
        if metric not in new or not _is_kept(metric, demand, new[metric]):
            yield f"{metric} of {name}"


def _is_kept(metric: str, demand: float, now: float) -> bool:
    return now <= demand if metric in LOWER_IS_BETTER else now >= demand


def _records(one: Slice) -> tuple[str, str, float | str]:
    return one.column, one.operator, one.value
