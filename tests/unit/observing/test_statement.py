"""An interval is stated so that the judge hears it, and reads the same from it."""

from __future__ import annotations

from datetime import timedelta

from turnpike.evidence.predicates import Observation
from turnpike.judge.testimony import hear
from turnpike.observing.interval import Promise, interval_of
from turnpike.observing.statement import observation_of, observation_statement
from unit.judge.examples import RoleKey, model_facts
from unit.observing.looking import look, watched

LOOKS = [look(0), look(1, fault="down"), look(2, answered=0.1234567)]


def test_the_judge_hears_what_was_seen() -> None:
    interval = interval_of(LOOKS, None, timedelta(seconds=10), Promise())
    said = observation_of(watched(), interval)
    statement = observation_statement(watched().model, watched().release.artifact, said)
    observer = RoleKey("observer")
    evidence = {"evidence": (observer.sign(statement),), "keys": (observer.public,)}
    hearing = hear(model_facts().model_copy(update=evidence))
    assert hearing.notes == ()
    (heard,) = hearing.testimony
    assert heard.statement.is_about(watched().release.artifact)
    assert heard.predicate == Observation(
        environment="staging",
        target="local",
        healthy=False,
        error_rate=1 / 3,
        latency_p95_milliseconds=123.457,
        requests=3,
        started_at=interval.started_at,
        finished_at=interval.finished_at,
    )
