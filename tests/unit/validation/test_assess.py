"""From what the runs said to checks and metrics: each failure is a check that says why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError
from turnpike.evidence.predicates import Check, MetricValue
from turnpike.manifest.validation import Budget
from turnpike.scoring.records import Records
from turnpike.validation.assess import (
    Assessment,
    assess_platform,
    assess_team,
    budget_checks,
    failed_run,
    percentile_95,
)
from turnpike.validation.datasets import HeldOut
from turnpike.validation.programs import (
    PlatformOutput,
    ProgramRequest,
    RequestColumn,
    TeamOutput,
)
from unit.registration.manifests import predictive

_MODEL = predictive()
_LABELS = (0, 1, 2, 2)
_REQUEST = ProgramRequest(
    format="skops",
    columns=(RequestColumn(name="alcohol", type="double", required=True),),
    rows=((12.0,), (13.5,), (14.0,), (12.5,)),
    output_kind="values",
)
_DATA = HeldOut(
    _REQUEST,
    Records({"alcohol": (12.0, 13.5, 14.0, 12.5)}, _LABELS),
    Digest("sha256:" + "a" * 64),
)
_REFUSED = {"name": "dns", "refused": True, "detail": "no"}
_LEAK = {"name": "dns", "refused": False, "detail": "it worked"}


def _said(**changed: object) -> PlatformOutput:
    document: dict[str, object] = {
        "probe": [_REFUSED],
        "predictions": [[0.0], [1.0], [2.0], [2.0]],
        "classes": None,
        "robustness": [],
        "latencyMilliseconds": [1.0],
        "peakMemoryMebibytes": 100.0,
        "loader": "skops 1",
    }
    return PlatformOutput.model_validate(document | changed, strict=False)


def _assessed(
    output: PlatformOutput,
    live: list[MetricValue] | None = None,
    *,
    isolated: bool = True,
    peak: float = 10.0,
) -> Assessment:
    return assess_platform(
        _MODEL, _DATA, output, live, isolated=isolated, peak_memory_mebibytes=peak
    )


def _failed(assessment: Assessment) -> dict[str, Check]:
    return {check.name: check for check in assessment.checks if not check.passed}


def test_a_good_run_passes_every_check_and_is_measured_overall_and_by_slice() -> None:
    assessment = _assessed(_said())
    assert _failed(assessment) == {}
    assert {value.slice for value in assessment.metrics} == {"overall", "strong"}


def test_a_leak_fails_isolation_and_is_named() -> None:
    assert "dns: it worked" in _failed(_assessed(_said(probe=[_LEAK])))["isolation"].actual


def test_a_listener_that_was_reached_fails_isolation_whatever_the_probe_says() -> None:
    assert "isolation" in _failed(_assessed(_said(), isolated=False))


def test_wrong_answers_fail_the_threshold_and_the_slice() -> None:
    failed = _failed(_assessed(_said(predictions=[[1.0], [0.0], [0.0], [2.0]])))
    assert {"threshold overall accuracy", "threshold strong accuracy"} == set(failed)
    assert failed["threshold overall accuracy"].actual == "0.25 on 4 records"


def test_answers_that_break_the_signature_are_not_scored_at_all() -> None:
    assessment = _assessed(_said(predictions=[[0.0], [1.0], [2.0], [9.0]]))
    assert assessment.metrics == ()
    assert {"signature", "threshold overall accuracy"} <= set(_failed(assessment))


def test_a_version_worse_than_the_live_one_fails_by_metric() -> None:
    live = [MetricValue(slice="overall", metric="accuracy", value=1.0, records=4)]
    worse = _said(predictions=[[0.0], [1.0], [2.0], [1.0]])
    assert set(_failed(_assessed(worse, live))) == {"no regression accuracy"}
    assert _failed(_assessed(_said(), live)) == {}


@pytest.mark.parametrize(("said", "measured"), [(600.0, 10.0), (10.0, 600.0)])
def test_the_larger_of_said_and_measured_memory_counts(said: float, measured: float) -> None:
    assessment = _assessed(_said(peakMemoryMebibytes=said), peak=measured)
    assert _failed(assessment)["memory"].actual == "600 MiB"


def test_output_of_another_shape_than_the_task_needs_is_refused() -> None:
    with pytest.raises(InputError):
        _assessed(_said(predictions=[[0.5, 0.5]] * 4))


def test_slow_predictions_fail_the_budget_but_one_slow_one_does_not() -> None:
    budget = Budget(latency_milliseconds=10.0, memory_mebibytes=10.0)
    one_in_fifty = [1.0] * 49 + [500.0]
    assert budget_checks(budget, one_in_fifty, 1.0)[0].passed
    assert not budget_checks(budget, [1.0] * 40 + [11.0] * 10, 1.0)[0].passed


@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=200))
def test_at_least_nineteen_of_twenty_values_do_not_exceed_the_percentile(
    values: list[float],
) -> None:
    bound = percentile_95(values)
    assert bound in values
    assert sum(value <= bound for value in values) * 100 >= 95 * len(values)


def _team(*checks: dict[str, Any], probe: dict[str, Any] = _REFUSED) -> TeamOutput:
    document = {"probe": [probe], "checks": list(checks)}
    return TeamOutput.model_validate(document, strict=False)


def _check(file: str, *, passed: bool) -> dict[str, Any]:
    return {"file": file, "name": "n", "passed": passed, "expected": "e", "actual": "a"}


def test_the_teams_checks_are_taken_over() -> None:
    output = _team(_check("plausibility", passed=True), _check("more", passed=False))
    assert set(_failed(assess_team(_MODEL, output, isolated=True))) == {"more n"}


def test_a_listed_check_that_said_nothing_has_failed() -> None:
    failed = _failed(assess_team(_MODEL, _team(), isolated=True))
    assert failed["plausibility"].actual == "it said nothing"


def test_a_team_run_that_got_out_fails() -> None:
    sound = _check("plausibility", passed=True)
    assert "isolation" in _failed(assess_team(_MODEL, _team(sound, probe=_LEAK), isolated=True))
    assert "isolation" in _failed(assess_team(_MODEL, _team(sound), isolated=False))


def test_a_run_without_usable_output_is_one_failed_check_that_says_why() -> None:
    error = InputError("it was killed " + "x" * 900, code="validation.time")
    (check,) = failed_run(error).checks
    assert not check.passed
    assert check.actual.startswith("validation.time: it was killed")
