"""Only observations that count are heard, each about its own artifact; what came since is added."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION, PROVENANCE, statement_about
from turnpike.git.objects import Identity
from turnpike.git.repository import Repository
from turnpike.promotion.testimony import (
    Heard,
    admitted_among,
    heard_about,
    heard_in,
    heard_since,
    together,
)
from turnpike.record.record import Record
from unit.judge.examples import ARTIFACT, NOW, RoleKey
from unit.promotion.findings import VALIDATOR, found
from unit.promotion.outlooks import Main
from unit.promotion.world import KEY, blob_of, version_of

OBSERVER, REGISTRAR = RoleKey("observer"), RoleKey("registrar")
KEYS = (OBSERVER.public, REGISTRAR.public)
ANN = Identity("Ann", "ann@example.org")


def seen(minutes: int, artifact: Digest = ARTIFACT, by: RoleKey = OBSERVER) -> Envelope:
    said = Observation(
        environment="dev",
        target="local",
        healthy=True,
        error_rate=0.0,
        latency_p95_milliseconds=1.0,
        requests=1,
        started_at=NOW - timedelta(minutes=minutes),
        finished_at=NOW,
    )
    return by.state(OBSERVATION, said, artifact)


def other() -> Envelope:
    said = statement_about(str(KEY), ARTIFACT, PROVENANCE, {"buildDefinition": {}})
    return REGISTRAR.sign(said)


@pytest.fixture
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return Record(Repository.create(tmp_path_factory.mktemp("record") / "host.git"))


def append(record: Record, *envelopes: Envelope, at: datetime = NOW) -> None:
    record.append(envelopes, record.commit(), ANN, at, lambda _: "a signature")


def test_what_an_observer_said_is_heard_and_nothing_else(record: Record) -> None:
    append(record, seen(5), other(), seen(9, by=REGISTRAR))
    heard = heard_about(record, {ARTIFACT}, KEYS, NOW)
    assert [one.started_at for one in heard.said[ARTIFACT]] == [NOW - timedelta(minutes=5)]


def test_what_was_said_of_other_bytes_is_not_about_these(record: Record) -> None:
    another = Digest("sha256:" + "a" * 64)
    append(record, seen(5, another))
    assert heard_about(record, {ARTIFACT}, KEYS, NOW) == Heard({ARTIFACT: ()})
    assert len(heard_about(record, {another}, KEYS, NOW).said[another]) == 1


def test_a_key_that_does_not_count_now_says_nothing(record: Record) -> None:
    append(record, seen(5))
    late = NOW + timedelta(days=400)
    assert heard_about(record, {ARTIFACT}, KEYS, late) == Heard({ARTIFACT: ()})


def test_many_at_once_are_heard_as_one_by_one(record: Record) -> None:
    artifacts = {Digest(f"sha256:{number:064x}") for number in range(150)}
    append(record, *(seen(number + 1, one) for number, one in enumerate(sorted(artifacts))))
    at_once = heard_about(record, artifacts, KEYS, NOW)
    for one in sorted(artifacts)[:5]:
        assert heard_about(record, {one}, KEYS, NOW).said[one] == at_once.said[one]
    assert all(len(said) == 1 for said in at_once.said.values())


def test_what_came_since_is_added_to_what_was_heard(record: Record) -> None:
    append(record, seen(5))
    earlier = record.commit()
    assert earlier is not None
    before = heard_about(record, {ARTIFACT}, KEYS, NOW)
    append(record, seen(9), other(), at=NOW + timedelta(minutes=1))
    since = heard_since(record, earlier, before, KEYS, NOW)
    whole = heard_about(record, {ARTIFACT}, KEYS, NOW)
    assert sorted(map(repr, since.said[ARTIFACT])) == sorted(map(repr, whole.said[ARTIFACT]))
    assert len(since.said[ARTIFACT]) == 2


def test_what_came_since_is_looked_at_as_well(record: Record) -> None:
    append(record, *found(1, NOW - timedelta(days=9)))
    earlier = record.commit()
    assert earlier is not None
    made = version_of(1).artifact
    assert made is not None
    keys = (VALIDATOR.public,)
    before = heard_about(record, {made.digest}, keys, NOW)
    assert before.sounds[made.digest].clean
    append(record, *found(1, NOW, passed=False), at=NOW + timedelta(minutes=1))
    since = heard_since(record, earlier, before, keys, NOW)
    assert not since.sounds[made.digest].clean
    assert since == heard_about(record, {made.digest}, keys, NOW)
    assert before.about(()) == Heard()
    assert before.about([made.digest, ARTIFACT]) == before


def test_what_was_published_counts_beside_what_is_recorded(record: Record) -> None:
    append(record, seen(5))
    recorded = heard_about(record, {ARTIFACT}, KEYS, NOW).said
    published = heard_in([seen(9), seen(7, by=REGISTRAR)], [ARTIFACT], KEYS, NOW)
    assert len(published[ARTIFACT]) == 1
    assert len(together(recorded, published)[ARTIFACT]) == 2
    assert together(recorded, {}) == recorded


def test_without_a_decision_nothing_is_admitted(record: Record) -> None:
    append(record, other())
    assert admitted_among(record, {KEY: blob_of(1)}, Main().fleet.briefs) == frozenset()
