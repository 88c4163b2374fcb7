"""An analysis passes by what was seen long enough, fails by what broke a limit, else goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.evidence.predicates import MetricValue, Observation
from turnpike.judge.analysis import Analysed, Limits, analysed, limits_for, limits_of
from turnpike.manifest.serving import ServiceLevel
from unit.judge.examples import NOW, model
from unit.rollouts import analysis

SINCE = NOW - timedelta(hours=1)
PROMISE = ServiceLevel(availability_percent=99.0, latency_p95_milliseconds=200.0)
PLAIN = Limits(analysis(), 200.0, {})
GOOD = Limits(analysis(demandsQuality=True), 200.0, {"accuracy": 0.9, "rmse": 55.0})


def at(minutes: float) -> datetime:
    return SINCE + timedelta(minutes=minutes)


def seen(start: float, end: float, **said: object) -> Observation:
    """Return what was seen between two moments, in minutes since the step went in."""
    return Observation(
        environment="dev",
        target="local",
        healthy=True,
        error_rate=0.0,
        latency_p95_milliseconds=50.0,
        requests=200,
        started_at=at(start),
        finished_at=at(end),
    ).model_copy(update=said)


def measured(**values: float) -> tuple[MetricValue, ...]:
    return tuple(
        MetricValue(slice="overall", metric=name, value=value, records=100)
        for name, value in values.items()
    )


def found(*observations: Observation, limits: Limits = PLAIN) -> Analysed:
    return analysed(limits, observations, SINCE, NOW)


def test_what_was_seen_within_the_limits_for_long_enough_passes() -> None:
    assert found(seen(0, 10)) == Analysed("passed", 600, 200, ())


def test_what_nobody_saw_has_not_passed() -> None:
    assert found() == Analysed(
        "running", 0, 0, ("0 of 600 seconds seen within the limits", "0 of 100 requests")
    )


def test_one_second_and_one_request_too_few_go_on() -> None:
    short = found(seen(0, 599 / 60, requests=99))
    assert (short.verdict, short.reasons) == (
        "running",
        ("599 of 600 seconds seen within the limits", "99 of 100 requests"),
    )


def test_a_gap_that_nobody_saw_does_not_count() -> None:
    assert found(seen(0, 5), seen(20, 24)).seen_seconds == 9 * 60
    assert found(seen(0, 5), seen(20, 25)).verdict == "passed"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"error_rate": 0.05}, "5.00% of 200 requests failed, at most 1.00% may"),
        ({"latency_p95_milliseconds": 250.0},
         "250 ms at the 95th percentile, at most 200 ms"),
    ],
)  # fmt: skip
def test_a_broken_limit_fails_and_says_which(said: dict[str, object], reason: str) -> None:
    assert found(seen(0, 10, **said)).reasons == (reason,)
    assert found(seen(0, 10, **said)).verdict == "failed"


def test_one_bad_interval_among_many_good_ones_costs_its_time_and_no_more() -> None:
    slow = seen(0, 1, latency_p95_milliseconds=323.0, requests=7)
    assert found(slow, seen(1, 11)) == Analysed("passed", 600, 207, ())
    assert found(slow, seen(1, 10)).verdict == "running"


def test_too_few_requests_fail_nothing() -> None:
    assert found(seen(0, 1, error_rate=1.0, requests=3)).verdict == "running"


def test_what_began_before_the_step_speaks_of_another_share() -> None:
    assert found(seen(-5, 20)).verdict == "running"
    assert found(seen(-5, 0, error_rate=1.0), seen(0, 10)).verdict == "passed"


def test_what_began_before_and_reaches_in_counts_against_it() -> None:
    assert found(seen(-5, 2, error_rate=1.0), seen(0, 10)).verdict == "failed"


@pytest.mark.parametrize(
    ("values", "verdict", "reasons"),
    [
        ({"accuracy": 0.95, "rmse": 50.0}, "passed", ()),
        ({"accuracy": 0.85, "rmse": 50.0}, "failed",
         ("accuracy 0.85 on what serves, at least 0.9",)),
        ({"accuracy": 0.95, "rmse": 56.0}, "failed", ("rmse 56 on what serves, at most 55",)),
        ({"accuracy": 0.95}, "running", ("nobody has measured rmse on what serves",)),
        ({}, "running", ("nobody has measured accuracy, rmse on what serves",)),
    ],
)  # fmt: skip
def test_quality_is_what_was_measured_on_what_serves(
    values: dict[str, float], verdict: str, reasons: tuple[str, ...]
) -> None:
    said = found(seen(0, 10, quality=measured(**values)), limits=GOOD)
    assert (said.verdict, said.reasons) == (verdict, reasons)


def test_the_worst_value_counts() -> None:
    good, bad = measured(accuracy=0.95, rmse=50.0), measured(accuracy=0.5, rmse=50.0)
    said = found(seen(0, 5, quality=bad), seen(5, 10, quality=good), limits=GOOD)
    assert said.verdict == "failed"


def test_where_nothing_can_be_measured_quality_is_never_shown() -> None:
    limits = limits_of(analysis(demandsQuality=True), PROMISE, {"roc_auc": 0.9})
    assert found(seen(0, 10), limits=limits).reasons == (
        "nobody has measured any metric on what serves",
    )


def test_the_model_s_own_promise_and_thresholds_are_the_limits() -> None:
    promising = model().model_copy(update={"slo": PROMISE})
    assert limits_for(analysis(), promising).latency == 200.0
    assert limits_for(analysis(maximumLatencyP95Milliseconds=80.0), promising).latency == 80.0
    assert limits_for(analysis(), model()).latency is None
    assert limits_of(analysis(), None, {"accuracy": 0.9, "log_loss": 0.4}).metrics == {
        "accuracy": 0.9
    }


spans = st.tuples(st.integers(0, 40), st.integers(1, 19), st.sampled_from([0.0, 0.005, 0.5]))


@given(st.lists(spans, max_size=8), spans)
def test_more_bad_time_never_makes_an_analysis_pass(
    before: list[tuple[int, int, float]], bad: tuple[int, int, float]
) -> None:
    known = [seen(s, s + n, error_rate=e) for s, n, e in before]
    worse = seen(bad[0], bad[0] + bad[1], error_rate=0.5)
    if found(*known).verdict != "passed":
        assert found(*known, worse).verdict != "passed"
