"""Trains: many models at once, a change for each team; a bad one drops out and holds nobody up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from end_to_end.changes import DIABETES, LOCAL, STOP, Bench, group_in_dev, ruled
from end_to_end.evidence import GOOD, Findings
from end_to_end.people import BOT, RELEASE_MANAGER
from end_to_end.twins import twin_of
from end_to_end.verbs import Told
from end_to_end.world import Draft, World

SUMMARY = "oncology/discharge-summary"
SLO = """slo:
  availabilityPercent: 99.0
  latencyP95Milliseconds: 300.0
"""
UNPROMISED, SECOND = "endocrinology/unpromised", "endocrinology/second"
UNPROMISED_TOO = "endocrinology/unpromised-too"


def stage(bench: Bench, drafts: Iterable[Draft]) -> None:
    """Bring models of all teams as far as staging."""
    world, keys = bench.world, [draft.key for draft in drafts]
    world.merged(world.change("release", *keys, "--to", "dev", *LOCAL, "--as", BOT))
    told = promoted(world, *keys, to="staging", more=("--together",))
    assert told.code == 0, str(told)
    world.merged(told.json()["number"])


@pytest.fixture(scope="module")
def staged(merged: Bench) -> Bench:
    """Four models of one team and one of another in staging; two have no promise to keep."""
    bench = merged.copied()
    diabetes = bench.draft("diabetes")
    unpromised = twin_of(bench.world, diabetes, "unpromised").edited((SLO, ""))
    other = twin_of(bench.world, diabetes, "unpromised-too").edited((SLO, ""))
    second = twin_of(bench.world, diabetes, "second")
    for draft in (unpromised, other, second):
        bench.admitted(draft, GOOD)
    bench.admitted(bench.draft("summary"), Findings())
    stage(bench, (diabetes, unpromised, other, second, bench.draft("summary")))
    return bench


def promoted(world: World, *words: str, to: str = "production", more: tuple[str, ...] = ()) -> Told:
    return world.call("promote", *words, "--to", to, *LOCAL, *more, "--as", BOT, "--json")


def states(told: Told) -> dict[str, str]:
    return {one["model"]: one["state"] for one in told.json()["models"]}


def reasons(told: Told, model: str) -> list[str]:
    (found,) = [one for one in told.json()["models"] if one["model"] == model]
    return [one["code"] for one in found["reasons"]]


def trains(told: Told) -> dict[str, dict[str, Any]]:
    return {one["team"]: one for one in told.json()["trains"]}


def serving(world: World) -> set[str]:
    lines = world.done("status", "--json").json()
    return {one["model"] for one in lines if one["environment"] == "production"}


def title_of(world: World, number: int) -> str:
    listed = {one["number"]: one for one in world.done("pr", "list", "--json").json()}
    return str(listed[number]["title"])


def stop(bench: Bench, model: str) -> None:
    """Stop the line for one model."""
    text = STOP.replace("teams: [{team}]", f"models: [{model}]")
    ruled(bench, "environments/stops/outage.yaml", text)


def test_the_bad_ones_drop_out_and_each_team_rides_in_a_change_of_its_own(staged: Bench) -> None:
    world = staged.copied().world
    told = promoted(world, "--all")
    assert told.code == 1, str(told)
    assert states(told) == {
        DIABETES: "rides", SECOND: "rides", SUMMARY: "rides",
        UNPROMISED: "dropped", UNPROMISED_TOO: "dropped",
    }  # fmt: skip
    assert reasons(told, UNPROMISED) == reasons(told, UNPROMISED_TOO) == ["slo-missing"]
    assert set(trains(told)) == {"endocrinology", "oncology"}
    train = trains(told)["endocrinology"]
    assert len(world.git("rev-list", f"{world.main}..{train['head']}", at=world.host).split()) == 1
    for one in trains(told).values():
        world.approve(one["number"], RELEASE_MANAGER)
        world.merged(one["number"])
    assert serving(world) == {DIABETES, SECOND, SUMMARY}


def test_the_same_promotion_again_is_the_same_pull_request(staged: Bench) -> None:
    world = staged.copied().world
    first = promoted(world, DIABETES, SECOND).json()["trains"]
    again = promoted(world, SECOND, DIABETES).json()["trains"]
    assert [(one["number"], one["head"]) for one in first] == [
        (one["number"], one["head"]) for one in again
    ]
    assert [one["state"] for one in again] == ["open already"]


def test_who_became_bad_after_the_train_was_opened_drops_out_when_it_is_planned_anew(
    staged: Bench,
) -> None:
    bench = staged.copied()
    world = bench.world
    (train,) = promoted(world, DIABETES, SECOND).json()["trains"]
    both = "Promote 2 models of endocrinology to production: diabetes-progression 1, second 1"
    assert title_of(world, train["number"]) == train["title"] == both
    stop(bench, SECOND)
    judged = world.gate(train["number"]).json()
    assert "line-stopped" in {one["code"] for one in judged["findings"]}
    told = promoted(world, DIABETES, SECOND)
    assert (told.code, states(told)) == (1, {DIABETES: "rides", SECOND: "waits"})
    (anew,) = told.json()["trains"]
    assert (anew["number"], anew["state"]) == (train["number"], "planned anew")
    assert title_of(world, anew["number"]) == anew["title"] == f"Promote {DIABETES} 1 to production"
    world.approve(anew["number"], RELEASE_MANAGER)
    world.merged(anew["number"])
    assert serving(world) == {DIABETES}


def test_what_is_promoted_already_is_nothing_to_do_and_leaves_no_train_open(
    staged: Bench,
) -> None:
    world = staged.copied().world
    (train,) = promoted(world, DIABETES).json()["trains"]
    both = promoted(world, DIABETES, "--anyway", more=("--from", "staging")).json()["trains"]
    assert [one["number"] for one in both] == [train["number"]]
    world.approve(train["number"], RELEASE_MANAGER)
    world.merged(train["number"])
    again = promoted(world, DIABETES)
    assert (again.code, again.json()["error"]) == (2, "release.nothing-to-do")
    assert [
        one for one in world.done("pr", "list", "--json").json() if one["state"] == "open"
    ] == []


def test_a_release_group_rides_as_one_or_waits_as_one(merged: Bench) -> None:
    bench = merged.copied()
    first, second = (draft.key for draft in group_in_dev(bench))
    told = promoted(bench.world, first, to="staging")
    assert (told.code, states(told)) == (0, {first: "rides", second: "rides"})
    (train,) = told.json()["trains"]
    assert bench.world.gate(train["number"]).code == 0
    stop(bench, second)
    again = promoted(bench.world, first, to="staging")
    assert (again.code, states(again)) == (1, {first: "waits", second: "waits"})
    assert (reasons(again, first), again.json()["trains"]) == (["group-waits"], [])
