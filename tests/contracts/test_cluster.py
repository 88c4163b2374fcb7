"""What every cluster must do, whatever serves in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from contracts.clusters import World, mlserver_world, small_world
from turnpike.cluster.interface import Deployment, Watched
from turnpike.delivery.predict import infer
from turnpike.errors import InputError, InvalidDocument
from unit.judge.deployed import RELEASE

WORLDS: Mapping[str, Callable[[Path], World]] = MappingProxyType(
    {"small-server": small_world, "mlserver": mlserver_world}
)
ROWS = [{"a": 1.0, "b": 2.0}, {"a": 10.0, "b": 20.0}]


@pytest.fixture(scope="module", params=WORLDS)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    made = WORLDS[request.param](tmp_path_factory.mktemp(request.param))
    with made.cluster:
        yield made


def test_exactly_what_is_applied_runs_by_digest(world: World) -> None:
    one, two = world.deployment("one", 1.0), world.deployment("two", 2.0)
    world.cluster.apply((two, one))
    found = [(r.team, r.model, r.environment, r.artifact) for r in world.cluster.running()]
    assert found == [
        ("oncology", "one", "production", one.artifact),
        ("oncology", "two", "production", two.artifact),
    ]


def test_what_is_no_longer_wanted_is_taken_out_of_service(world: World) -> None:
    kept, gone = world.deployment("kept", 1.0), world.deployment("gone", 1.0)
    world.cluster.apply((kept, gone))
    world.cluster.apply((kept,))
    assert [running.model for running in world.cluster.running()] == ["kept"]
    with pytest.raises(InputError, match=r"expected one that is served \(oncology/kept\)"):
        infer(world.cluster.endpoint, "oncology/gone", ROWS)


def test_another_artifact_of_a_model_takes_its_place(world: World) -> None:
    first, second = world.deployment("changed", 1.0), world.deployment("changed", 100.0)
    world.cluster.apply((first,))
    before = infer(world.cluster.endpoint, "oncology/changed", ROWS)
    world.cluster.apply((second,))
    after = infer(world.cluster.endpoint, "oncology/changed", ROWS)
    assert before.values == pytest.approx((4.0, 31.0))
    assert after.values == pytest.approx((103.0, 130.0))
    assert (before.artifact, after.artifact) == (first.artifact, second.artifact)


def test_an_earlier_artifact_can_come_back(world: World) -> None:
    first, second = world.deployment("back", 1.0), world.deployment("back", 2.0)
    for wanted in (first, second, first):
        world.cluster.apply((wanted,))
    assert [running.artifact for running in world.cluster.running()] == [first.artifact]
    answer = infer(world.cluster.endpoint, "oncology/back", ROWS)
    assert answer.values == pytest.approx((4.0, 31.0))


def test_a_row_that_does_not_fit_the_signature_is_refused_with_every_reason(world: World) -> None:
    world.cluster.apply((world.deployment("strict", 1.0),))
    with pytest.raises(InvalidDocument) as caught:
        infer(world.cluster.endpoint, "oncology/strict", [{"a": "one", "c": 3.0}])
    assert {problem.field for problem in caught.value.problems} == {"a", "b", "c"}


def watched(deployment: Deployment) -> Watched:
    release = RELEASE.model_copy(
        update={"model": deployment.model, "artifact": deployment.artifact}
    )
    return Watched("production", "local", release, rows=tuple(ROWS))


def test_a_probe_sees_what_is_served_and_what_is_not(world: World) -> None:
    served, released = world.deployment("seen", 1.0), world.deployment("seen", 2.0)
    missing = world.deployment("unseen", 1.0)
    world.cluster.apply((served,))
    look = world.probe.look(watched(served))
    assert look.fault == ""
    assert look.seconds > 0
    assert look.started_at <= look.finished_at
    assert f"serves {served.artifact}" in world.probe.look(watched(released)).fault
    assert "does not have oncology/unseen" in world.probe.look(watched(missing)).fault


def test_applying_nothing_serves_nothing(world: World) -> None:
    world.cluster.apply((world.deployment("last", 1.0),))
    world.cluster.apply(())
    assert world.cluster.running() == ()


def test_stopping_twice_is_stopping_once(world: World) -> None:
    world.cluster.stop()
    world.cluster.stop()
    assert world.cluster.running() == ()
    assert "found none" in world.probe.look(watched(world.deployment("stopped", 1.0))).fault
