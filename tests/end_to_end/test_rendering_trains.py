"""A change of what is rendered travels environment by environment, as trains of class render."""

from __future__ import annotations

from typing import Any

import pytest

from end_to_end.changes import DIABETES, LOCAL, Bench, ruled
from end_to_end.people import BOT
from end_to_end.releases import released
from end_to_end.verbs import Told
from end_to_end.world import World
from turnpike.judge.layout import ModelKey
from turnpike.promotion.rerender import plan_rendering, rendering_of
from turnpike.promotion.standing import rendered_on


@pytest.fixture(scope="module")
def outdated(merged: Bench) -> Bench:
    """A world with a model in dev and staging, whose manifests have other defaults by now."""
    bench = merged.copied()
    for name in ("dev", "staging"):
        released(bench.world, bench.draft("diabetes"), name, *LOCAL)
    for name in ("dev", "staging"):
        path = f"environments/{name}/environment.yaml"
        text = bench.world.house.host.read(bench.world.main, path)
        assert text is not None
        assert text.count(b"maximum: ") == 1
        ruled(bench, path, text.decode().replace("maximum: ", "maximum: 1"))
    return bench


def render(world: World, *words: str) -> Told:
    return world.call("render", *words, "--as", BOT, "--json")


def stale(world: World) -> dict[str, int]:
    found: list[dict[str, Any]] = render(world).json()
    return {one["environment"]: one["stale"] for one in found}


def test_the_next_environment_is_rendered_once_the_one_before_has_it(outdated: Bench) -> None:
    world = outdated.copied().world
    assert stale(world) == {"dev": 1, "staging": 1, "production": 0}
    early = render(world, "--in", "staging")
    assert (early.code, early.json()["number"]) == (1, None)
    assert early.json()["models"][0]["reasons"][0]["code"] == "render-waits"
    for left, name in ((1, "dev"), (0, "staging")):
        told = render(world, "--in", name)
        assert told.code == 0, str(told)
        again = render(world, "--in", name)
        assert (again.json()["number"], again.json()["head"]) == (
            told.json()["number"], told.json()["head"],
        )  # fmt: skip
        judged = world.merge(told.json()["number"])
        assert judged.code == 0, str(judged)
        assert judged.json()["decision"]["changeClass"] == "render"
        assert sum(stale(world).values()) == left
    assert render(world).code == 0


def test_the_gate_denies_a_rendering_that_goes_first_where_it_must_follow(
    outdated: Bench,
) -> None:
    world = outdated.copied().world
    rendering = rendering_of("staging", rendered_on(world.house.host, world.main))
    key = ModelKey(*DIABETES.split("/"))
    number = world.propose(dict(plan_rendering(rendering, [key]).files), BOT)
    told = world.gate(number)
    assert told.code == 1, str(told)
    assert [one["code"] for one in told.json()["findings"]] == ["render.out-of-order"]
