"""Only what an observer's statements say of these bytes at this place counts towards a soak."""

from __future__ import annotations

from datetime import datetime, timedelta

from turnpike.documents.canonical import to_json
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION, Statement, statement_about
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.soak import healthy_seconds
from turnpike.judge.testimony import hear
from turnpike.manifest.serving import ServiceLevel
from unit.judge.deployed import KEY, RELEASE
from unit.judge.examples import ARTIFACT, NOW, RoleKey, model, model_facts

OBSERVER = RoleKey("observer")
PROMISE = ServiceLevel(availability_percent=99.0, latency_p95_milliseconds=200.0)


def seen(minutes: tuple[int, int], **said: object) -> Statement:
    """Return what was seen between two moments, in minutes before now."""
    start, end = (NOW - timedelta(minutes=m) for m in minutes)
    plain = Observation(
        environment="dev",
        target="local",
        healthy=True,
        error_rate=0.0,
        latency_p95_milliseconds=5.0,
        requests=20,
        started_at=start,
        finished_at=end,
    ).model_copy(update=said)
    value = to_json(plain)
    assert isinstance(value, dict)
    return statement_about("oncology/triage", ARTIFACT, OBSERVATION, value)


def counted(
    *statements: Statement, key: DeploymentKey = KEY, by: RoleKey = OBSERVER, at: datetime = NOW
) -> int:
    facts: Facts = model_facts().model_copy(
        update={
            "keys": (OBSERVER.public, by.public),
            "evidence": tuple(by.sign(one) for one in statements),
        }
    )
    promising = model().model_copy(update={"slo": PROMISE})
    return healthy_seconds(key, RELEASE, promising, hear(facts).testimony, at)


def test_healthy_time_counts_once_however_many_observers_saw_it() -> None:
    assert counted(seen((10, 5)), seen((8, 4)), seen((8, 4))) == 6 * 60


def test_unhealthy_time_is_taken_away() -> None:
    assert counted(seen((10, 0)), seen((6, 5), healthy=False)) == 9 * 60


def test_time_in_which_the_promise_was_broken_is_no_healthy_time() -> None:
    assert counted(seen((10, 0)), seen((6, 5), error_rate=0.02)) == 9 * 60
    assert counted(seen((10, 0)), seen((6, 5), error_rate=0.01)) == 10 * 60
    assert counted(seen((10, 0)), seen((6, 5), latency_p95_milliseconds=1e6)) == 9 * 60


def test_nothing_after_the_decision_counts() -> None:
    assert counted(seen((5, -5))) == 5 * 60


def test_another_place_is_another_soak() -> None:
    assert counted(seen((5, 0)), key=DeploymentKey("staging", "local", "oncology", "triage")) == 0
    assert counted(seen((5, 0), target="aws-eu")) == 0


def test_what_another_role_says_of_health_counts_for_nothing() -> None:
    assert counted(seen((5, 0)), by=RoleKey("validator")) == 0
