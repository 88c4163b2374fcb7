"""A model ends in order: consumers acknowledge, releases go, the manifest goes last."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

import pytest

from end_to_end.changes import CONSUMER, DIABETES, LOCAL, Bench
from end_to_end.people import BOT, PLATFORM_OWNER, RELEASE_MANAGER
from end_to_end.releases import released
from end_to_end.world import World
from turnpike.documents.identifiers import digest_of

SUSPECT = "sklearn:diabetes"
STAGES = ("dev", "staging", "production")
RETIRED = ("lifecycle: active", "lifecycle: retired")
FORGOTTEN = (
    """consumers:
  - application: follow-up-planner
    contact: lena-fischer
    purpose: Orders the list of patients who wait for a follow-up visit.
""",
    "",
)


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A model that serves its consumer in production."""
    bench = merged.copied()
    for stage in STAGES:
        released(bench.world, bench.draft("diabetes"), stage, *LOCAL)
    return bench


def codes(world: World, number: int) -> set[str]:
    return {one["code"] for one in world.gate(number).json()["findings"]}


def unmet(world: World, number: int) -> set[tuple[str, str]]:
    told = world.gate(number).json()["requirements"]
    return {
        (one["group"], one["reason"].partition(" of ")[0])
        for one in told
        if len(one["approvedBy"]) < one["count"]
    }


def retire(world: World, stage: str) -> int:
    return world.change("retire", DIABETES, "--from", stage, "--as", BOT)


def test_a_retirement_waits_for_its_consumer(bench: Bench) -> None:
    world = bench.copied().world
    number = retire(world, "production")
    world.approve(number, RELEASE_MANAGER)
    assert unmet(world, number) == {(CONSUMER, "consumer follow-up-planner")}
    assert codes(world, number) == {"approvals-missing"}
    assert CONSUMER in world.call("gate", "--pr", str(number)).output
    world.approve(number, CONSUMER)
    world.merged(number)
    assert world.done("verify").code == 0


def test_a_stage_that_no_consumer_uses_goes_without_one(bench: Bench) -> None:
    world = bench.copied().world
    world.merged(retire(world, "dev"))


def test_a_consumer_is_not_forgotten_first(bench: Bench) -> None:
    edited = bench.draft("diabetes").edited(FORGOTTEN)
    world = bench.world
    number = world.propose(edited.files, "jonas-weber", ())
    assert (CONSUMER, "consumer follow-up-planner") in unmet(world, number)


def test_once_they_acknowledged_the_end_all_goes_in_order(bench: Bench) -> None:
    world = bench.copied().world
    draft = bench.draft("diabetes").edited(RETIRED)
    gone = dict.fromkeys(draft.files)
    early = world.propose(gone, "jonas-weber", (CONSUMER, PLATFORM_OWNER))
    assert codes(world, early) == {"retirement.out-of-order"}
    number = world.propose(draft.files, "jonas-weber", ("nora-smith",))
    assert (CONSUMER, "consumer follow-up-planner") in unmet(world, number)
    world.approve(number, CONSUMER)
    world.merged(number)
    for stage in reversed(STAGES):
        last = retire(world, stage)
        if stage == "production":
            world.approve(last, RELEASE_MANAGER)
        world.merged(last)
    world.merged(world.propose(gone, "jonas-weber", (CONSUMER, PLATFORM_OWNER)))
    assert world.done("verify").code == 0


def test_a_recall_waits_for_nobody_once_main_names_its_ground(bench: Bench) -> None:
    world = bench.copied().world
    told = world.call("recall", "--data", SUSPECT, "--json")
    assert told.json()["consumersAsked"] == [DIABETES]
    assert "turnpike stop set" in world.call("recall", "--data", SUSPECT).output
    number = retire(world, "production")
    world.approve(number, RELEASE_MANAGER)
    assert codes(world, number) == {"approvals-missing"}
    stop = world.change(
        "stop", "set", "bad-data", "--reason", "the records were mixed up", "--incident", "INC-4",
        "--model", DIABETES, "--recalls", f"data={SUSPECT}", "--as", "maria-lopez",
    )  # fmt: skip
    world.merged(stop)
    assert world.call("recall", "--data", SUSPECT, "--json").json()["consumersAsked"] == []
    told = world.gate(number)
    assert told.code == 0, str(told)
    assert "consumer.passed-over" in {one["code"] for one in told.json()["notes"]}
    world.merged(number)
    assert world.done("verify").code == 0


def test_a_rehearsed_recall_measures_in_a_copy_and_changes_nothing_here(bench: Bench) -> None:
    world = bench.world
    before = everything_in(world)
    told = world.call("recall", "--data", SUSPECT, "--rehearse", "--json")
    assert told.code == 0, str(told)
    assert everything_in(world) == before
    said = told.json()
    places = {one["deployment"].split("/")[0] for one in said["deployments"]}
    assert places == set(STAGES)
    assert {one["seconds"] > 0 for one in said["deployments"]} == {True}
    assert said["seconds"] == max(one["seconds"] for one in said["deployments"])
    (change,) = said["changes"]
    assert change["merged"]
    assert any("release-managers" in one for one in change["approvals"])
    assert any("consumer follow-up-planner" in one for one in change["approvals"])
    assert list(Path(gettempdir()).glob("turnpike-rehearsal-*")) == []


def test_a_rehearsed_recall_can_measure_until_nothing_serves_it(bench: Bench) -> None:
    world = bench.world
    told = world.call("recall", "--data", SUSPECT, "--rehearse", "--serve", "--json")
    assert told.code == 0, str(told)
    said = told.json()
    assert [one["deployment"].split("/")[0] for one in said["deployments"]] == sorted(STAGES)
    assert all(one["unserved"] > one["seconds"] for one in said["deployments"])
    assert said["unserved"] == max(one["unserved"] for one in said["deployments"])
    refused = world.call("recall", "--data", SUSPECT, "--serve")
    assert refused.code == 2
    assert "expected --rehearse beside it" in refused.errors


def everything_in(world: World) -> tuple[str, list[str]]:
    """Return every ref of the host, and what every file of the instance holds but Git's own."""
    refs = world.git("for-each-ref", at=world.host)
    files = (path for path in world.folder.rglob("*") if ".git" not in str(path) and path.is_file())
    return refs, sorted(f"{path} {digest_of(path.read_bytes())}" for path in files)
