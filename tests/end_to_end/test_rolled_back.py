"""What was rolled back goes forward again only where a person says so, by the model's name."""

from __future__ import annotations

import pytest

from end_to_end.changes import DIABETES, LOCAL, Bench
from end_to_end.evidence import GOOD
from end_to_end.people import BOT, RELEASE_MANAGER
from end_to_end.releases import released
from end_to_end.verbs import Told
from end_to_end.world import World

AUTHOR = "jonas-weber"
CODE = "release.rolled-back"


@pytest.fixture(scope="module")
def rolled_back(merged: Bench) -> Bench:
    """A version that production had and was rolled back from, while staging serves it on."""
    bench = merged.copied()
    world, better = bench.world, bench.draft("better diabetes")
    for environment in ("dev", "staging", "production"):
        released(world, bench.draft("diabetes"), environment, *LOCAL)
    bench.admitted(better, GOOD)
    for environment in ("dev", "staging", "production"):
        released(world, better, environment, *LOCAL)
    back = world.change("rollback", DIABETES, "--in", "production", *LOCAL, "--as", BOT)
    world.approve(back, RELEASE_MANAGER)
    world.merged(back)
    return bench


def promoted(world: World, *words: str, who: str = BOT) -> Told:
    return world.call("promote", *words, "--to", "production", *LOCAL, "--as", who, "--json")


def codes(told: Told, part: str) -> list[str]:
    return [one["code"] for one in told.json()[part] if one["code"] != "approvals-missing"]


def test_the_plan_says_when_it_went_and_by_which_decision(rolled_back: Bench) -> None:
    world = rolled_back.world
    words = ("plan", DIABETES, "--to", "production", *LOCAL, "--json")
    (move,) = world.done(*words).json()["moves"]
    assert (move["now"], move["earliest"]) == (False, None)
    ((blocker),) = move["blockers"]
    assert blocker["code"] == CODE
    last = world.git("log", "-1", "--format=%B", "main", at=world.host)
    (decision,) = [li.split(": ")[1] for li in last.splitlines() if li.startswith("Turnpike-Deci")]
    assert f"by decision {decision[:19]} in {LOCAL[1]}" in blocker["says"]


@pytest.mark.parametrize("who", [BOT, AUTHOR])
def test_a_promotion_of_all_leaves_it_behind(rolled_back: Bench, who: str) -> None:
    told = promoted(rolled_back.world, "--all", who=who)
    assert (told.code, told.json()["trains"]) == (0, [])
    (model,) = told.json()["models"]
    assert (model["state"], [one["code"] for one in model["reasons"]]) == ("waits", [CODE])


def test_no_bot_takes_it_forward_by_name_either(rolled_back: Bench) -> None:
    world = rolled_back.copied().world
    told = promoted(world, DIABETES)
    assert (told.code, told.json()["trains"]) == (1, [])
    forced = promoted(world, DIABETES, "--anyway").json()["number"]
    world.approve(forced, RELEASE_MANAGER)
    assert codes(world.gate(forced), "findings") == [CODE]


def test_a_person_does_by_naming_it_and_the_approvers_are_told(rolled_back: Bench) -> None:
    world = rolled_back.copied().world
    told = promoted(world, DIABETES, who=AUTHOR)
    assert told.code == 0, str(told)
    number = told.json()["number"]
    world.approve(number, RELEASE_MANAGER)
    judged = world.gate(number)
    assert (judged.code, CODE in codes(judged, "notes")) == (0, True), str(judged)
    world.merged(number)
    assert promoted(world, "--all").json()["models"][0]["state"] == "there"
    assert world.call("verify").code == 0
