"""Judges what the two runs said: from raw output and labels to checks and metrics.

Pure: every check says what was expected and what was found, whether it passed
or not. Whether a failed check denies a change is for the judge and its policies to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from turnpike.errors import TurnpikeError
from turnpike.evidence.predicates import Check, MetricValue
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.validation import Budget
from turnpike.scoring.answers import Answers, class_answers, value_answers
from turnpike.scoring.live_comparison import comparison_checks
from turnpike.scoring.score import score
from turnpike.scoring.thresholds import threshold_checks
from turnpike.validation.answer_checks import signature_check
from turnpike.validation.datasets import HeldOut
from turnpike.validation.programs import PlatformOutput, ProbeResult, TeamOutput
from turnpike.validation.robustness import robustness_checks

Live = Sequence[MetricValue] | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one run came to: its checks, and the metrics where it was scored."""

    checks: tuple[Check, ...]
    metrics: tuple[MetricValue, ...] = ()


def assess_platform(
    model: PredictiveModel,
    data: HeldOut,
    output: PlatformOutput,
    live: Live,
    *,
    isolated: bool,
    peak_memory_mebibytes: float,
) -> Assessment:
    """Return what the platform run came to.

    ``live`` are the metrics of the version live in production, None where none is;
    ``peak_memory_mebibytes`` is what was measured from outside.
    """
    answers = _answers(model, data, output)
    signature = signature_check(model.signature.outputs, answers)
    metrics = score(model.validation, data.records, answers) if signature.passed else ()
    peak = max(peak_memory_mebibytes, output.peak_memory_mebibytes)
    checks = (
        isolation_check(output.probe, isolated=isolated),
        signature,
        *threshold_checks(model.validation, metrics),
        *comparison_checks(model.validation, metrics, live),
        *budget_checks(model.validation.budget, output.latency_milliseconds, peak),
        *robustness_checks(model.signature, output.robustness),
    )
    return Assessment(checks, metrics)


def assess_team(model: PredictiveModel, output: TeamOutput, *, isolated: bool) -> Assessment:
    """Return what the team run came to; a listed check that said nothing has failed."""
    said = tuple(
        Check(
            name=f"{check.file} {check.name}"[:200],
            passed=check.passed,
            expected=check.expected,
            actual=check.actual,
        )
        for check in output.checks
    )
    silent = tuple(
        Check(name=name, passed=False, expected="the check to run", actual="it said nothing")
        for name in output.unheard(model.validation.checks)
    )
    return Assessment((isolation_check(output.probe, isolated=isolated), *said, *silent))


def failed_run(error: TurnpikeError) -> Assessment:
    """Return what a run came to that gave no usable output: one failed check that says why."""
    return Assessment(
        (
            Check(
                name="run",
                passed=False,
                expected="the program ends within its limits and answers as it must",
                actual=f"{error.code}: {error.message}"[:500],
            ),
        )
    )


def isolation_check(probe: Sequence[ProbeResult], *, isolated: bool) -> Check:
    """Return whether every attempt to get out was refused, by what is known on both sides."""
    leaks = [result for result in probe if not result.refused]
    found = f"all {len(probe)} attempts refused"
    if leaks:
        found = f"{leaks[0].name}: {leaks[0].detail}"
    elif not isolated:
        found = "a listener on this side was reached"
    passed = isolated and not leaks
    return Check(name="isolation", passed=passed, expected="no way out", actual=found[:500])


def budget_checks(
    budget: Budget, latencies: Sequence[float], peak_memory_mebibytes: float
) -> tuple[Check, Check]:
    """Return whether a prediction keeps to its budget: time at the 95th percentile, peak memory."""
    slow = percentile_95(latencies)
    return (
        Check(
            name="latency",
            passed=slow <= budget.latency_milliseconds,
            expected=f"at most {budget.latency_milliseconds:g} ms at the 95th percentile",
            actual=f"{slow:.3g} ms of {len(latencies)} predictions",
        ),
        Check(
            name="memory",
            passed=peak_memory_mebibytes <= budget.memory_mebibytes,
            expected=f"at most {budget.memory_mebibytes:g} MiB",
            actual=f"{peak_memory_mebibytes:.0f} MiB",
        ),
    )


def percentile_95(values: Sequence[float]) -> float:
    """Return the smallest value that at least 95 % of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * 95 // 100) - 1)]


def _answers(model: PredictiveModel, data: HeldOut, output: PlatformOutput) -> Answers:
    if model.validation.task == "regression":
        return value_answers(output.raw())
    return class_answers(output.raw(), output.classes, data.records.labels)
