"""A real MLServer is watched: what the observer's process signs is what the gate counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from end_to_end.changes import LOCAL, Bench, ruled
from end_to_end.daemons import Daemon, running
from end_to_end.releases import opened, released
from end_to_end.world import World
from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope, is_signed_by
from turnpike.evidence.observed import observed_in
from turnpike.evidence.predicates import Observation
from turnpike.schedule.soak import Sighting, healthy_time

HERE = ("--environment", "dev", "--target", "local")
STAGING = "environments/staging/environment.yaml"
SOAK = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Served:
    """A world whose live model is released in dev, served there, and asked for in staging."""

    world: World
    artifact: Digest
    server: Daemon
    promotion: int

    def envelopes(self) -> tuple[Envelope, ...]:
        return self.world.house.forge().observations([self.artifact])

    def seen(self) -> list[Observation]:
        found = map(observed_in, self.envelopes())
        return sorted((one.observation for one in found if one), key=lambda one: one.started_at)

    def healthy_time(self) -> timedelta:
        found = (Sighting(one.started_at, one.finished_at, one.healthy) for one in self.seen())
        return healthy_time(found, datetime.now(UTC))

    def observing(self, *words: str) -> Daemon:
        with running(self.world.monorepo, "observe", *HERE, "--json", *words) as observer:
            observer.ended()
        return observer


@pytest.fixture(scope="module")
def served(merged: Bench) -> Iterator[Served]:
    bench = merged.copied()
    world, draft = bench.world, bench.draft("diabetes")
    content = world.house.host.read(world.main, STAGING)
    assert content is not None
    soak = f"soakSeconds: {SOAK.seconds}"
    ruled(bench, STAGING, content.decode().replace("soakSeconds: 0", soak))
    released(world, draft, "dev", *LOCAL)
    promotion = opened(world, draft, "staging", *LOCAL)
    artifact = draft.model.artifact
    assert artifact is not None
    with running(world.monorepo, "serve", *HERE) as server:
        server.until(artifact.digest)
        yield Served(world, artifact.digest, server, promotion)


def codes(world: World, number: int) -> list[str]:
    return [finding["code"] for finding in world.gate(number).json()["findings"]]


def test_a_soak_is_completed_by_what_the_observer_saw_and_by_nothing_else(served: Served) -> None:
    assert codes(served.world, served.promotion) == ["soak-incomplete"]
    for _ in range(10):  # a busy machine breaks the promise of 300 ms now and then
        observer = served.observing("--interval", "1s", "--for", "5s")
        assert {one["artifact"] for one in observer.objects()} == {served.artifact}, observer.said
        if served.healthy_time() >= SOAK:
            break
    served.world.merged(served.promotion)
    key = served.world.house.role_key("observer")
    recorded = served.world.house.record.statements_about([served.artifact])
    observed = [one for one in recorded if observed_in(one)]
    assert observed
    assert all(is_signed_by(one, key) for one in observed)


def test_an_observer_that_is_stopped_publishes_what_it_has_seen(served: Served) -> None:
    before = served.seen()
    with running(served.world.monorepo, "observe", *HERE, "--interval", "1h") as observer:
        observer.until("watching dev/local")
        observer.stop()
    assert served.artifact[:19] in observer.said
    assert len(served.seen()) == len(before) + 1


def test_a_server_that_has_gone_is_told_and_stated(served: Served) -> None:
    served.server.stop()
    observer = served.observing("--once")
    assert observer.process.returncode == 1
    (told,) = observer.objects()
    assert (told["healthy"], told["errorRate"]) == (False, 1.0)
    assert "expected one that runs" in told["fault"]
    assert not served.seen()[-1].healthy
