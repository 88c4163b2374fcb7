"""A merge that is killed leaves the old state or the new one, and running again finishes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.world import World
from turnpike.documents.identifiers import Digest
from turnpike.forge.refs import MAIN, RECORD
from turnpike.git.repository import Repository
from turnpike.record.record import Record

SEED = 20261
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: so long after something was seen at the host."""

    seen: str
    delay: float


def sample() -> list[Moment]:
    """Return one moment after each step of a merge, somewhere before the next one."""
    chance = random.Random(SEED)  # noqa: S311 - a sample that is the same every time
    return [
        Moment("start", chance.uniform(0.1, 0.4)),
        Moment("decision recorded", chance.uniform(0.0, 0.1)),
        Moment("main moved", 0.0),
        Moment("main moved", chance.uniform(0.0, 0.3)),
    ]


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A world with a merged model and an open pull request that is allowed."""
    return merged.copied()


@pytest.fixture(scope="module")
def number(bench: Bench) -> int:
    return bench.proposed(bench.draft("diabetes").edited(DESCRIPTION))


@pytest.mark.parametrize("moment", sample(), ids=lambda moment: moment.seen)
def test_a_merge_that_is_killed_is_finished_by_the_next_one(
    bench: Bench, number: int, moment: Moment
) -> None:
    world = bench.copied().world
    old, record = world.main, world.record
    killed_at(world, number, moment)
    new = world.main
    assert new == old or parents(world, new) == [old, world.ref(f"refs/pull/{number}/head")]
    assert sound(world)
    again = world.merge(number)
    assert again.code == 0, str(again)
    merged = world.main
    assert parents(world, merged) == [old, world.ref(f"refs/pull/{number}/head")]
    assert new in {old, merged}
    assert record != world.record
    assert outcomes(world, merged) == 1
    assert states(world)[number] == "merged"
    assert sound(world)


def test_a_merge_that_was_carried_out_is_told_once_more(bench: Bench, number: int) -> None:
    world = bench.copied().world
    world.merged(number)
    before = world.main, world.record
    again = world.merge(number)
    assert again.code == 0, str(again)
    assert (world.main, world.record) == before


def killed_at(world: World, number: int, moment: Moment) -> None:
    """Start a merge in a process of its own, and kill it, and only it, at a moment."""
    seen = {
        "start": lambda: True,
        "decision recorded": moved(world, RECORD),
        "main moved": moved(world, MAIN),
    }[moment.seen]
    process = subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", "-m", "turnpike", "pr", "merge", str(number)],
        cwd=world.monorepo,
        env={**os.environ, "PYTHONPATH": sys.path[0]},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + _SECONDS
    while not seen() and process.poll() is None:
        assert time.monotonic() < ends
        time.sleep(0.001)
    time.sleep(moment.delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until_quiet(world)


def moved(world: World, ref: str) -> Callable[[], bool]:
    """Return what tells whether a ref of the host has moved since now; no process is started."""
    file = world.host / ref
    before = file.read_bytes() if file.exists() else b""
    return lambda: file.exists() and file.read_bytes() not in {before, b""}


def wait_until_quiet(world: World) -> None:
    """Wait until what the killed process had started has ended as well."""
    ends = time.monotonic() + _SECONDS
    while any(str(world.folder).encode() in line for line in command_lines()):
        assert time.monotonic() < ends
        time.sleep(0.02)


def command_lines() -> list[bytes]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(file.read_bytes())
        except OSError:
            continue
    return found


def parents(world: World, commit: str) -> list[str]:
    return world.git("log", "-1", "--format=%P", commit, at=world.host).split()


def sound(world: World) -> bool:
    told = world.call("verify", "--json")
    assert told.code == 0, str(told)
    return True


def outcomes(world: World, merge: str) -> int:
    """Return how many outcomes the record has of the decision that a merge carried out."""
    with Repository(world.host) as host:
        decision = Digest(host.commit(merge).trailers["Turnpike-Decision"])
        return len(Record(host).outcomes_of(decision))


def states(world: World) -> dict[int, str]:
    return {one["number"]: one["state"] for one in world.done("pr", "list", "--json").json()}
