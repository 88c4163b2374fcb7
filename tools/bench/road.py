#!/usr/bin/env python3
"""Time the road: start-up, check and gate as whole processes, and the demonstration on demand.

Run it from a checkout: ``tools/bench/road.py [--runs N] [--demo]``, or with ``--cold`` to see what
takes how long in a set-up from nothing. It makes an instance with
one scaffolded model, times each command N times in turn, and prints minimum, median and maximum of
wall-clock and CPU seconds (children included), beside the target. Side by side: ``git --version``
and a bare Python, which nothing here can be faster than.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TURNPIKE = str(ROOT / "turnpike")
MODEL = "oncology/bench-model"
PERSON = "maria-lopez"


@dataclass(frozen=True)
class Subject:
    """One command to be timed: where, and the wall-clock seconds that it may take."""

    name: str
    command: tuple[str, ...]
    folder: Path
    target: float | None


@dataclass(frozen=True)
class Sample:
    """Seconds of one run."""

    wall: float
    cpu: float


def main() -> int:
    """Measure everything and print the table; returns 1 where a median misses its target."""
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--runs", type=int, default=5, help="counted runs of each command")
    wishes.add_argument("--demo", action="store_true", help="also time the warm demonstration")
    wishes.add_argument("--cold", action="store_true", help="set up in an empty cache instead")
    asked = wishes.parse_args()
    if asked.cold:
        with tempfile.TemporaryDirectory(prefix="turnpike-cold-") as cache:
            print_set_up(cache)
        return 0
    with scratch_instance() as clone:
        subjects = list(subjects_in(clone, demo=asked.demo))
        samples = measured(subjects, asked.runs)
    print(f"{'command':34} {'wall min':>9} {'median':>8} {'max':>8} {'cpu':>8} {'target':>8}")
    missed = 0
    for subject in subjects:
        walls = sorted(sample.wall for sample in samples[subject.name])
        cpu = statistics.median(sample.cpu for sample in samples[subject.name])
        median = statistics.median(walls)
        target = f"{subject.target:8.2f}" if subject.target else f"{'-':>8}"
        print(
            f"{subject.name:34} {walls[0]:9.3f} {median:8.3f} {walls[-1]:8.3f} {cpu:8.3f} {target}"
        )
        missed += bool(subject.target and median > subject.target)
    return 1 if missed else 0


def print_set_up(cache: str) -> None:
    """Set everything up in a cache folder, and print what took how long; two parts at a time."""
    started = time.perf_counter()
    done = subprocess.run(
        (TURNPIKE, "set-up", "all", "--json"),
        env={**os.environ, "TURNPIKE_CACHE": cache},
        stdout=subprocess.PIPE,
        check=True,
    )
    for part in json.loads(done.stdout):
        print(f"{part['name']:12} {part['seconds']:8.1f} s")
    print(f"{'in all':12} {time.perf_counter() - started:8.1f} s")


def subjects_in(clone: Path, *, demo: bool) -> Iterator[Subject]:
    """Yield what is timed, the floor of the machine first."""
    yield Subject("git --version", ("git", "--version"), clone, None)
    yield Subject("python -c pass", (sys.executable, "-c", "pass"), clone, None)
    yield Subject("turnpike --help", (TURNPIKE, "--help"), clone, 0.2)
    yield Subject("turnpike check", (TURNPIKE, "check", f"models/{MODEL}"), clone, 0.5)
    yield Subject("turnpike gate --pr 1", (TURNPIKE, "gate", "--pr", "1"), clone, 1.0)
    if demo:
        yield Subject("turnpike demo", (TURNPIKE, "demo", "--quiet"), clone, 90.0)


def measured(subjects: list[Subject], runs: int) -> dict[str, list[Sample]]:
    """Time all commands in turn, so that a slow minute of the machine hits each of them."""
    samples: dict[str, list[Sample]] = {subject.name: [] for subject in subjects}
    for number in range(runs + 1):
        for subject in subjects:
            sample = timed(subject)
            if number:  # the first round only warms caches
                samples[subject.name].append(sample)
    return samples


def timed(subject: Subject) -> Sample:
    """Run one command to its end; its exit code is its own business, a crash is not."""
    before, started = cpu_of_children(), time.perf_counter()
    done = subprocess.run(subject.command, cwd=subject.folder, capture_output=True, check=False)
    wall = time.perf_counter() - started
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{subject.name}: {done.stderr.decode()}")
    return Sample(wall, cpu_of_children() - before)


def cpu_of_children() -> float:
    """Return the CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def scratch_instance() -> Iterator[Path]:
    """Make an instance with one open pull request, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="turnpike-bench-") as name:
        folder = Path(name) / "instance"
        run(Path(name), TURNPIKE, "init", str(folder), "--with-personas")
        clone = folder / "monorepo"
        run(clone, TURNPIKE, "new", MODEL)
        run(clone, "git", "switch", "--quiet", "--create", "bench")
        run(clone, "git", "add", "models")
        mail = ("-c", "user.name=Bench", "-c", "user.email=maria.lopez@aurora-health.example")
        run(clone, "git", *mail, "commit", "--quiet", "--message", "Add a model")
        run(clone, TURNPIKE, "pr", "open", "--as", PERSON)
        yield clone


def run(folder: Path, *command: str) -> None:
    """Run a command that must end well."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=environment)


if __name__ == "__main__":
    sys.exit(main())
