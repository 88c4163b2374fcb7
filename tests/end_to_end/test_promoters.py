"""Eight promoters at once, killed at Git commands: nothing is lost, nothing twice, one line."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from end_to_end import forking
from end_to_end.changes import LOCAL, Bench
from end_to_end.counted_git import CountedGit, When
from end_to_end.evidence import GOOD
from end_to_end.people import BOT
from end_to_end.twins import twin_of
from end_to_end.world import World
from turnpike.documents.identifiers import Digest
from turnpike.git.repository import Repository
from turnpike.record.record import Record

SEED = 20261
PROMOTERS = 8
MODELS = 4
KILLS = 12
WHENS: tuple[When, ...] = ("before", "after")
SECONDS = 2_400.0
Point = tuple[int, When]


@pytest.fixture(scope="module")
def begun(merged: Bench) -> Bench:
    """A world with models in dev that can all go to staging."""
    bench = merged.copied()
    first = bench.draft("diabetes")
    drafts = [first, *(twin_of(bench.world, first, f"twin-{n}") for n in range(1, MODELS))]
    for draft in drafts[1:]:
        bench.admitted(draft, GOOD)
    keys = [draft.key for draft in drafts]
    bench.world.merged(bench.world.change("release", *keys, "--to", "dev", *LOCAL, "--as", BOT))
    return bench


def models_in(world: World, environment: str) -> Counter[str]:
    lines = world.done("status", "--json").json()
    return Counter(one["model"] for one in lines if one["environment"] == environment)


def carry(world: World, model: str) -> int:
    """Promote one model until main has it, whoever brings it there; return an exit code."""
    for _ in range(50):
        words = ("promote", model, "--to", "staging", *LOCAL, "--as", BOT, "--json")
        told = world.call(*words)
        answer = told.json()
        if answer.get("error") == "release.nothing-to-do":
            return 0
        if answer.get("error") == "defect":
            return 9
        if told.code == 0:
            world.merge(answer["number"])  # whatever it says, the next plan sees what became of it
    return 8


def promoter(world: World, models: list[str], git: CountedGit) -> Callable[[], int]:
    def run() -> int:
        git.use()
        return max(carry(world, model) for model in models)

    return run


@dataclass
class Crew:
    """Promoters that are started anew where they were killed; ``points`` are still to be met."""

    world: World
    models: list[str]
    points: list[Point]
    folder: Path
    killed: int = 0
    codes: list[int] = field(default_factory=list)
    _started: int = 0

    def work(self) -> None:
        """Let eight of them promote everything."""
        ends = time.monotonic() + SECONDS
        running = {self._start() for _ in range(PROMOTERS)}
        while running:
            assert time.monotonic() < ends, "the promoters do not come to an end"
            for child in tuple(running):
                code = ended(child)
                if code is None:
                    continue
                running.remove(child)
                if code == -signal.SIGKILL:
                    self.killed += 1
                    running.add(self._start())
                else:
                    self.codes.append(code)
            time.sleep(0.05)
        while self.points:  # all was promoted before every point was met
            child = self._start()
            self.killed += forking.end(child) == -signal.SIGKILL
        forking.wait_until_quiet(self.world)

    def _start(self) -> int:
        run, when = self.points.pop() if self.points else (0, WHENS[0])
        first = self._started % len(self.models)
        self._started += 1
        git = CountedGit.made(self.folder / f"git-{self._started}", run, when)
        models = self.models[first:] + self.models[:first]
        return forking.start(promoter(self.world, models, git))


def ended(child: int) -> int | None:
    """Return the exit code of a child that has ended."""
    found, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def commands_of_one(bench: Bench, model: str, folder: Path) -> list[str]:
    """Return the Git commands of one promotion that nobody disturbs, in order."""
    git = CountedGit.made(folder)
    assert forking.end(forking.start(promoter(bench.copied().world, [model], git))) == 0
    return git.commands


def points(commands: list[str], *, full: bool) -> list[Point]:
    """Return where promoters are killed: at every command, before and after it, or at some."""
    chance = random.Random(SEED)  # noqa: S311 - the same kills every time
    everywhere = [(run, when) for run in range(1, len(commands) + 1) for when in WHENS]
    chance.shuffle(everywhere)
    return everywhere if full else everywhere[:KILLS]


def test_eight_promoters_that_are_killed_lose_nothing_and_promote_nothing_twice(
    begun: Bench, tmp_path: Path, request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    world = begun.copied().world
    models = sorted(models_in(world, "dev"))
    commands = commands_of_one(begun, models[0], tmp_path / "counted")
    chosen = points(commands, full=request.config.getoption("--full"))
    before, wanted = world.main, len(chosen)
    crew = Crew(world, models, chosen, tmp_path)
    crew.work()
    assert set(crew.codes) == {0}, crew.codes
    assert crew.killed >= wanted // 2, f"{crew.killed} of {wanted} kills met a promoter at work"
    assert models_in(world, "staging") == Counter(models)
    merges = list(merges_since(world, before))
    assert sorted(model for _, carried in merges for model in carried) == models
    assert [outcomes(world, merge) for merge, _ in merges] == [1] * len(merges)
    told = world.call("verify", "--json")
    assert told.code == 0, str(told)
    assert world.call("promote", "--all", "--to", "staging", *LOCAL, "--as", BOT).code == 0
    assert not [one for one in world.done("pr", "list", "--json").json() if one["state"] == "open"]
    record_property(
        "attacks",
        f"{crew.killed} kills of {PROMOTERS} promoters at {len(commands)} git commands each",
    )


def merges_since(world: World, before: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each commit of main since, newest first, with the models whose releases it brings."""
    words = ("log", "--first-parent", "--format=%H %P", f"{before}..{world.main}")
    for line in world.git(*words, at=world.host).splitlines():
        commit, *parents = line.split()
        assert len(parents) == 2, line
        changed = world.git("diff", "--name-only", parents[0], commit, at=world.host).splitlines()
        yield commit, {"/".join(path.split("/")[3:5]) for path in changed}


def outcomes(world: World, merge: str) -> int:
    with Repository(world.host) as host:
        decision = Digest(host.commit(merge).trailers["Turnpike-Decision"])
        return len(Record(host).outcomes_of(decision))
