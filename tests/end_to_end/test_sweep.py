"""A sweep of a real instance: what came in rightly is in order, whatever came after it."""

from __future__ import annotations

import pytest

from end_to_end.changes import DIABETES, LOCAL, Bench, revoke_validator
from end_to_end.releases import released, sized
from end_to_end.verbs import Told
from end_to_end.world import World
from turnpike.judge.layout import DeploymentKey

STAGES = ("dev", "staging", "production")
PLACE = DeploymentKey("production", "local", *DIABETES.split("/"))


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A model that serves in production."""
    bench = merged.copied()
    for stage in STAGES:
        released(bench.world, bench.draft("diabetes"), stage, *LOCAL)
    return bench


def swept(world: World, code: int = 0) -> Told:
    told = world.call("sweep", "--json")
    assert told.code == code, str(told)
    return told


def test_what_was_let_in_is_in_order_and_not_judged_twice(bench: Bench) -> None:
    world = bench.copied().world
    first = swept(world).json()
    assert (first["denied"], first["deployments"]) == ([], len(STAGES))
    again = swept(world).json()
    assert again["denied"] == []
    assert again["reused"] == again["models"]


def test_settings_that_others_approved_leave_the_release_in_order(bench: Bench) -> None:
    world = bench.copied().world
    world.merged(world.propose(sized(world, PLACE, 5), "jonas-weber", ("lena-fischer",)))
    assert swept(world).json()["denied"] == []


def test_a_revoked_key_takes_back_what_it_let_in(bench: Bench) -> None:
    world = bench.copied().world
    assert swept(world).json()["denied"] == []
    revoke_validator(world)
    denied = swept(world, 1).json()["denied"]
    assert DIABETES in {one["subject"] for one in denied}
