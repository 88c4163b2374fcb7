"""A merge that is killed leaves the old state or the new one, and running again finishes."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from end_to_end import forking
from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.counted_git import CountedGit, When
from end_to_end.world import World
from turnpike.change.merge import judge_pull_request, merge_pull_request
from turnpike.cli.wiring import now
from turnpike.documents.identifiers import Digest
from turnpike.errors import CannotDecide
from turnpike.git.repository import Repository
from turnpike.record.record import Record

SEED = 20261
WHENS: tuple[When, ...] = ("before", "after")


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A world with a merged model and an open pull request that is allowed."""
    return merged.copied()


@pytest.fixture(scope="module")
def number(bench: Bench) -> int:
    return bench.proposed(bench.draft("diabetes").edited(DESCRIPTION))


@pytest.fixture(scope="module")
def commands(bench: Bench, number: int, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The git commands of one whole merge, in order."""
    git = CountedGit.made(tmp_path_factory.mktemp("counted") / "git")
    world = bench.copied().world
    assert forking.end(forking.start(lambda: merging(world, number, git))) == 0
    return git.commands


def merging(world: World, number: int, git: CountedGit) -> int:
    git.use()
    return world.merge(number).code


def sample(commands: list[str]) -> Iterable[tuple[int, When]]:
    """Return one run of each git command, the same ones every time, to be killed at."""
    chance = random.Random(SEED)  # noqa: S311 - a sample that is the same every time
    for name in sorted(set(commands)):
        runs = [run for run, command in enumerate(commands, start=1) if command == name]
        yield chance.choice(runs), chance.choice(WHENS)


def test_a_merge_that_is_killed_at_a_git_command_is_finished_by_the_next_one(
    bench: Bench, number: int, commands: list[str], tmp_path: Path, request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    assert commands.count("push") >= 3, commands  # the decision, the merge, the report
    everyone = [(run, when) for run in range(1, len(commands) + 1) for when in WHENS]
    chosen = everyone if request.config.getoption("--full") else list(sample(commands))
    for run, when in chosen:
        world = bench.copied().world
        killed(world, number, CountedGit.made(tmp_path / f"git-{run}-{when}", run, when))
        assert_finished_by_the_next_one(world, number)
        subprocess.run(["rm", "-rf", world.folder], check=True, timeout=300)
    record_property("attacks", f"{len(chosen)} kills at {len(commands)} git commands of a merge")


def killed(world: World, number: int, git: CountedGit) -> None:
    """Merge in a process that git kills; only the old state or the new one is left."""
    old, head = world.main, world.ref(f"refs/pull/{number}/head")
    code = forking.end(forking.start(lambda: merging(world, number, git)))
    # A git that runs beside the last ones may be counted in another order, and none be left.
    assert code in {-signal.SIGKILL, 0}, (code, git.commands)
    forking.wait_until_quiet(world)
    assert world.main == old or parents(world, world.main) == [old, head]


def assert_finished_by_the_next_one(world: World, number: int) -> None:
    head = world.ref(f"refs/pull/{number}/head")
    again = world.merge(number)
    assert again.code == 0, str(again)
    merged = world.main
    assert parents(world, merged)[1:] == [head]
    assert outcomes(world, merged) == 1
    assert states(world)[number] == "merged"
    assert_sound(world)


def test_a_merge_that_was_carried_out_is_told_once_more(bench: Bench, number: int) -> None:
    world = bench.copied().world
    world.merged(number)
    before = world.main, world.record
    again = world.merge(number)
    assert again.code == 0, str(again)
    assert (world.main, world.record) == before


@pytest.mark.parametrize("room", [0, 300, 3_000])
def test_a_disk_that_is_full_leaves_the_old_state_and_the_next_merge_finishes(
    bench: Bench, number: int, room: int
) -> None:
    """No file grows beyond so many bytes: what is written then fails, as on a full disk."""
    world = bench.copied().world
    old = world.main

    def cramped() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        return world.merge(number).code

    assert forking.end(forking.start(cramped)) == 3
    forking.wait_until_quiet(world)
    assert world.main == old
    assert_finished_by_the_next_one(world, number)


def test_a_clock_that_was_moved_back_decides_nothing(bench: Bench, number: int) -> None:
    world = bench.copied().world
    house = world.house
    policies = house.policies()
    gate = house.gate(policies, policies.ask, "turnpike-bot")
    late = type(gate)(
        gate.sources, gate.forge, gate.ask, gate.genesis, gate.tools,
        lambda: now() - timedelta(days=1),
    )  # fmt: skip
    old = world.main
    judged = judge_pull_request(late, number).decision
    assert judged.verdict == "undecided"
    assert "clock.backwards" in {one.code for one in judged.findings}
    record = world.record
    with house.signer("gate") as signer, pytest.raises(CannotDecide) as caught:
        merge_pull_request(late, signer, number)
    assert (caught.value.code, caught.value.exit_code) == ("clock.backwards", 3)
    assert (world.main, world.record) == (old, record)


def parents(world: World, commit: str) -> list[str]:
    return world.git("log", "-1", "--format=%P", commit, at=world.host).split()


def assert_sound(world: World) -> None:
    told = world.call("verify", "--json")
    assert told.code == 0, str(told)


def outcomes(world: World, merge: str) -> int:
    """Return how many outcomes the record has of the decision that a merge carried out."""
    with Repository(world.host) as host:
        decision = Digest(host.commit(merge).trailers["Turnpike-Decision"])
        return len(Record(host).outcomes_of(decision))


def states(world: World) -> dict[int, str]:
    return {one["number"]: one["state"] for one in world.done("pr", "list", "--json").json()}
