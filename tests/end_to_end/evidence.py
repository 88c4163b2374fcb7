"""What validators and registrars say of a model: true statements of their kinds, to be bent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from turnpike.documents.canonical import to_json
from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.predicates import (
    Check,
    MetricValue,
    ScanResult,
    ValidationResult,
)
from turnpike.evidence.statement import SCAN, VALIDATION, Statement, statement_about
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.validation import LOWER_IS_BETTER

Measured = Mapping[tuple[str, str], float]
RECORDS = 40


@dataclass(frozen=True, slots=True)
class Findings:
    """What validation finds: nothing wrong, unless it is said here.

    ``values`` are measured, by slice and metric, instead of good ones; ``failed`` are the names of
    checks that failed, by run (``scan``, ``platform``, ``team``); ``left_out`` are runs that did
    not happen. All of it was found ``days_ago``.
    """

    values: Measured = field(default_factory=dict)
    unmeasured: AbstractSet[tuple[str, str]] = frozenset()
    records: int = RECORDS
    failed: Mapping[str, str] = field(default_factory=dict)
    left_out: AbstractSet[str] = frozenset()
    isolated: bool = True
    preview: bool = False
    days_ago: int = 0


GOOD = Findings()


def statements_on(
    model: PredictiveModel | GenerativeModel, found: Findings = GOOD
) -> tuple[Statement, ...]:
    """Return the scan and both runs of a version, as the validator would state them."""
    said: dict[str, Statement] = {"scan": _statement(model, SCAN, _scan(model, found))}
    if isinstance(model, PredictiveModel):
        platform = _run(model, found, "platform", tuple(_metrics(model, found)))
        team = _run(model, found, "team", ())
        said["platform"] = _statement(model, VALIDATION, platform)
        said["team"] = _statement(model, VALIDATION, team)
    return tuple(statement for run, statement in said.items() if run not in found.left_out)


def good_values(model: PredictiveModel) -> dict[tuple[str, str], float]:
    """Return a value for each threshold that is a little better than it."""
    wanted = {("overall", metric): value for metric, value in model.validation.thresholds.items()}
    for one in model.validation.slices:
        wanted |= {(one.name, metric): value for metric, value in one.thresholds.items()}
    return {(slice_, metric): _better(metric, value) for (slice_, metric), value in wanted.items()}


def _better(metric: str, threshold: float) -> float:
    return threshold - 1.0 if metric in LOWER_IS_BETTER else min(1.0, threshold + 0.01)


def _metrics(model: PredictiveModel, found: Findings) -> Iterable[MetricValue]:
    for (slice_, metric), value in (good_values(model) | dict(found.values)).items():
        if (slice_, metric) not in found.unmeasured:
            yield MetricValue(slice=slice_, metric=metric, value=value, records=found.records)


def _scan(model: PredictiveModel | GenerativeModel, found: Findings) -> ScanResult:
    return ScanResult(
        validation_view=_view(model),
        checks=_checks("scan", "formats", found),
        finished_at=_now() - timedelta(days=found.days_ago),
        preview=found.preview,
    )


def _run(
    model: PredictiveModel, found: Findings, run: str, metrics: tuple[MetricValue, ...]
) -> ValidationResult:
    return ValidationResult(
        run="platform" if run == "platform" else "team",
        validation_view=_view(model),
        inputs=digest_of(b"what the container was built from"),
        data=model.data.validation.digest or digest_of(b"the held-out records"),
        sandbox="container",
        isolated=found.isolated,
        checks=_checks(run, "isolation", found),
        metrics=metrics,
        finished_at=_now() - timedelta(days=found.days_ago),
        preview=found.preview,
    )


def _checks(run: str, name: str, found: Findings) -> tuple[Check, ...]:
    good = Check(name=name, passed=True, expected="as it must be", actual="as it must be")
    if run not in found.failed:
        return (good,)
    name = found.failed[run]
    return (good, Check(name=name, passed=False, expected="something good", actual="worse"))


def _view(model: PredictiveModel | GenerativeModel) -> Digest:
    view = model.validation_view()
    assert view is not None, f"{model.key} is a draft"
    return view


def _statement(model: PredictiveModel | GenerativeModel, kind: str, said: Part) -> Statement:
    assert model.artifact is not None
    predicate = to_json(said)
    assert isinstance(predicate, dict)
    return statement_about(model.key, model.artifact.digest, kind, predicate)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
