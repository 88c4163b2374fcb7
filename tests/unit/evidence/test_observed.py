"""Which observations stand, and which of them others make superfluous."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.envelope import Envelope, Signature
from turnpike.evidence.observed import envelope_in, observed_in, refusal_of, replaces
from turnpike.evidence.predicates import MetricValue
from turnpike.evidence.statement import OBSERVATION, SCAN, Subject, statement_about
from turnpike.schedule.soak import Sighting, healthy_time
from unit.evidence.observations import SEEN, START, observation, stated
from unit.judge.examples import RoleKey

OBSERVER, OTHER, VALIDATOR = RoleKey("observer"), RoleKey("observer"), RoleKey("validator")
KEYS = (OBSERVER.public, VALIDATOR.public)


def seen(start: int, end: int, *, healthy: bool = True) -> Envelope:
    return OBSERVER.sign(stated(observation(start, end, healthy=healthy)))


def test_an_envelope_is_read_back() -> None:
    envelope = seen(0, 10)
    assert envelope_in(canonical_document(envelope)) == envelope
    assert envelope_in(b"[]") is None


def test_what_was_seen_is_told_with_its_artifact_and_its_key() -> None:
    found = observed_in(seen(0, 10))
    assert found is not None
    assert (found.artifact, found.key_id) == (SEEN, OBSERVER.public.id)
    assert found.observation == observation(0, 10)


def test_another_statement_is_no_observation() -> None:
    two = stated(observation())
    both = (*two.subject, Subject(name="another", digest={"sha256": "0" * 64}))
    assert observed_in(OBSERVER.sign(statement_about("a/b", SEEN, SCAN, {}))) is None
    assert observed_in(OBSERVER.sign(statement_about("a/b", SEEN, OBSERVATION, {}))) is None
    assert observed_in(OBSERVER.sign(two.model_copy(update={"subject": both}))) is None


def test_an_observation_by_an_observer_stands() -> None:
    assert refusal_of(seen(0, 10), SEEN, KEYS) == ""


def test_what_no_observer_signed_is_refused_with_the_reason() -> None:
    stolen = seen(0, 10)
    forged = stolen.model_copy(
        update={"signatures": (Signature(keyid=OBSERVER.public.id, sig="AAAA"),)}
    )
    assert "no observation" in refusal_of(None, SEEN, KEYS)
    assert "is about" in refusal_of(stolen, digest_of(b"another"), KEYS)
    assert "its signature" in refusal_of(forged, SEEN, KEYS)
    for stranger in (OTHER, VALIDATOR):
        envelope = stranger.sign(stated(observation()))
        assert "no observer's key" in refusal_of(envelope, SEEN, KEYS)


@pytest.mark.parametrize(("healthy", "before", "expected"), [
    (True, True, True), (False, False, True), (False, True, True), (True, False, False),
])  # fmt: skip
def test_a_longer_one_replaces_what_it_says_too(
    healthy: bool, before: bool, expected: bool
) -> None:
    newer, older = seen(0, 20, healthy=healthy), seen(5, 15, healthy=before)
    assert replaces(newer, older) == expected
    assert not replaces(older, newer)


def test_a_longer_one_that_tells_of_better_times_replaces_nothing() -> None:
    older = OBSERVER.sign(stated(observation(5, 15)))
    quicker = observation(0, 20).model_copy(update={"latency_p95_milliseconds": 1.0})
    slower = observation(0, 20).model_copy(update={"latency_p95_milliseconds": 99.0})
    assert not replaces(OBSERVER.sign(stated(quicker)), older)
    assert replaces(OBSERVER.sign(stated(slower)), older)


def test_only_the_same_observer_in_the_same_place_replaces() -> None:
    older = seen(5, 15)
    elsewhere = observation(0, 20).model_copy(update={"target": "other"})
    assert not replaces(OTHER.sign(stated(observation(0, 20))), older)
    assert not replaces(OBSERVER.sign(stated(elsewhere)), older)
    assert not replaces(OBSERVER.sign(stated(observation(0, 20), digest_of(b"x"))), older)
    assert not replaces(seen(6, 20), older)
    assert not replaces(older, older)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), max_size=8))
def test_no_more_time_counts_once_what_is_replaced_is_gone(
    told: list[tuple[int, int, bool]],
) -> None:
    everything = {(one, seen(one[0], one[1], healthy=one[2])) for one in set(told)}
    kept = [a for a, newer in everything if not any(replaces(b, newer) for _, b in everything)]
    assert counted(kept) == counted([one for one, _ in everything])


def counted(told: list[tuple[int, int, bool]]) -> timedelta:
    minute = timedelta(minutes=1)
    found = (Sighting(START + a * minute, START + b * minute, healthy) for a, b, healthy in told)
    return healthy_time(found, START + 60 * minute)


def measured(value: float, start: int, end: int) -> Envelope:
    quality = MetricValue(slice="overall", metric="accuracy", value=value, records=9)
    said = observation(start, end).model_copy(update={"quality": (quality,)})
    return OBSERVER.sign(stated(said))


def test_no_better_quality_is_claimed_than_there_was() -> None:
    assert replaces(measured(0.8, 0, 20), measured(0.9, 0, 10))
    assert not replaces(measured(0.9, 0, 20), measured(0.8, 0, 10))
    assert not replaces(seen(0, 20), measured(0.8, 0, 10))
    assert replaces(measured(0.8, 0, 20), seen(0, 10))
