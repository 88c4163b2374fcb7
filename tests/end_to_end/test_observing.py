"""A real MLServer is watched: what the observer's process signs is what the gate counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from end_to_end.changes import LOCAL, Bench, ruled
from end_to_end.daemons import Daemon, running
from end_to_end.releases import opened, released
from end_to_end.watching import HERE, SHORT, artifact_of, healthy, observing, seen, served
from end_to_end.world import World
from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import is_signed_by
from turnpike.evidence.observed import observed_in

STAGING = "environments/staging/environment.yaml"


@dataclass(frozen=True, slots=True)
class Served:
    """A world whose live model is released in dev, served there, and asked for in staging."""

    world: World
    artifact: Digest
    server: Daemon
    promotion: int


@pytest.fixture(scope="module")
def dev(merged: Bench) -> Iterator[Served]:
    bench = merged.copied()
    world, draft = bench.world, bench.draft("diabetes")
    content = world.house.host.read(world.main, STAGING)
    assert content is not None
    soak = f"soakSeconds: {SHORT.seconds}"
    ruled(bench, STAGING, content.decode().replace("soakSeconds: 0", soak))
    released(world, draft, "dev", *LOCAL)
    promotion = opened(world, draft, "staging", *LOCAL)
    artifact = artifact_of(draft)
    with served(world, artifact) as server:
        yield Served(world, artifact, server, promotion)


def codes(world: World, number: int) -> list[str]:
    return [finding["code"] for finding in world.gate(number).json()["findings"]]


def test_a_soak_is_completed_by_what_the_observer_saw_and_by_nothing_else(dev: Served) -> None:
    assert codes(dev.world, dev.promotion) == ["soak-incomplete"]
    for _ in range(40):  # a busy machine breaks the promise of 300 ms now and then
        observer = observing(dev.world, "--interval", "1s", "--for", "5s")
        assert {one["artifact"] for one in observer.objects()} == {dev.artifact}, observer.said
        if healthy(dev.world, dev.artifact) >= SHORT:
            break
    dev.world.merged(dev.promotion)
    key = dev.world.house.role_key("observer")
    recorded = dev.world.house.record.statements_about([dev.artifact])
    observed = [one for one in recorded if observed_in(one)]
    assert observed
    assert all(is_signed_by(one, key) for one in observed)


def test_an_observer_that_is_stopped_publishes_what_it_has_seen(dev: Served) -> None:
    before = seen(dev.world, dev.artifact)
    with running(dev.world.monorepo, "observe", *HERE, "--interval", "1h") as observer:
        observer.until("watching dev/local")
        observer.stop()
    assert dev.artifact[:19] in observer.said
    assert len(seen(dev.world, dev.artifact)) == len(before) + 1


def test_a_server_that_has_gone_is_told_and_stated(dev: Served) -> None:
    dev.server.stop()
    observer = observing(dev.world, "--once")
    assert observer.process.returncode == 1
    (told,) = observer.objects()
    assert (told["healthy"], told["errorRate"]) == (False, 1.0)
    assert "expected one that runs" in told["fault"]
    assert not seen(dev.world, dev.artifact)[-1].healthy
