#!/usr/bin/env python3
"""Time promotion: the next eligible minute in a year of windows, a plan of all models, a train.

Run it from a checkout: ``tools/bench/promotion.py``; with ``--models 10000`` it also makes an
instance of that many models in four environments, which takes long, or takes the one that is in
``--folder``. Cold reads nothing from an earlier answer. With ``--train 1000`` so many promotions
are judged, and opened as one change, and then that change is judged and merged by the gate. Exit
code 1 where a target is missed; those of plans hold for 10,000 models, that of a train for 1,000
promotions, and both for two idle cores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from core import ROOT, continue_in_core

if TYPE_CHECKING:
    from turnpike.topology.window import Schedule

RUNS = 30
WARM_RUNS = 3
TARGET = 0.005
PLAN_SECONDS = {"cold": 15.0, "warm": 3.0}
PLAN_BYTES = 1 << 30
TRAIN_SECONDS = 30.0
STANDING_ALREADY = 30
"""Every thirtieth model of the workload stands in staging's first target before the train goes."""
AT = datetime(2026, 1, 1, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def main() -> int:
    """Print the figures; returns 1 where one misses its target."""
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--models", type=int, default=0, help="plan so many models as well")
    wishes.add_argument("--folder", type=Path, help="keep the instance here, and use it again")
    wishes.add_argument("--train", type=int, default=0, help="promote so many models at once")
    asked = wishes.parse_args()
    continue_in_core({})
    missed = next_minute()
    if asked.models:
        with tempfile.TemporaryDirectory(prefix="turnpike-bench-") as scratch:
            missed |= plans(asked.folder or Path(scratch), asked.models, Path(scratch))
    if asked.train:
        with tempfile.TemporaryDirectory(prefix="turnpike-bench-") as scratch:
            missed |= train(Path(scratch), asked.train)
    return int(missed)


def next_minute() -> bool:
    """Time the next eligible minute; tell whether a median misses its target."""
    from turnpike.schedule.subject import ScheduleSubject
    from turnpike.schedule.timeline import Timelines

    cold, warm = [], []
    found: datetime | None = None
    for number in range(RUNS):
        started = time.perf_counter()
        timeline = Timelines(schedule()).of(ScheduleSubject())
        found = timeline.next_open(AT)
        cold.append(time.perf_counter() - started)
        started = time.perf_counter()
        timeline.next_open(AT + timedelta(minutes=number))
        warm.append(time.perf_counter() - started)
    print(f"next eligible minute: {found}")
    print(f"cold  {statistics.median(cold) * 1000:8.3f} ms, target {TARGET * 1000:.0f} ms")
    print(f"warm  {statistics.median(warm) * 1000:8.3f} ms, target {TARGET * 1000:.0f} ms")
    return max(statistics.median(cold), statistics.median(warm)) > TARGET


def schedule() -> Schedule:
    """Return windows of every working day and a freeze that ends a year from now."""
    from turnpike.topology.window import Freeze, Schedule, Window

    rule = {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "start": "2020-01-01T09:00"}
    day = {"name": "days", "timezone": BERLIN, "duration": "PT8H", **rule}
    long = {"name": "long", "timezone": BERLIN, "start": "2025-12-01T00:00"}
    return Schedule.of(
        (Window.model_validate(day),),
        (Freeze.model_validate({**long, "end": "2026-12-24T00:00"}),),
    )


def plans(folder: Path, models: int, scratch: Path) -> bool:
    """Time `turnpike plan` of all models, cold and warm; tell whether a target is missed."""
    from measuring import run
    from roads import make_roads

    instance = folder / "instance"
    if not instance.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_roads(instance, models)
    cache = scratch / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    command = (sys.executable, "-P", "-m", "turnpike", "plan")
    paths = os.pathsep.join([str(ROOT / "platform")])
    extra = {"PYTHONPATH": paths, "TURNPIKE_CACHE": str(cache), "NO_COLOR": "1"}
    missed = False
    for number in range(1 + WARM_RUNS):
        done = run(command, instance / "monorepo", extra)
        kind = "warm" if number else "cold"
        lines = done.out.decode().splitlines()
        print(
            f"plan {kind}  {done.wall:6.2f} s wall, target {PLAN_SECONDS[kind]:.0f} s;"
            f" {done.cpu:6.2f} s of CPUs; {done.peak / (1 << 20):6.0f} MiB;"
            f" {lines[-1] if lines else ''}",
            flush=True,
        )
        missed |= done.code != 0 or done.wall > PLAN_SECONDS[kind] or done.peak > PLAN_BYTES
    return missed


def train(folder: Path, promotions: int) -> bool:
    """Time a train of so many promotions from plan to merge; tell whether it misses its target."""
    from instance import make_instance

    already = -(-promotions // (STANDING_ALREADY - 1))
    instance = make_instance(folder / "instance", promotions + already)
    place = ("--to", "staging", "--target", "aws-eu")
    opened, seconds = timed(instance.monorepo, "promote", "--all", *place, "--together")
    answer = json.loads(opened)
    riding = sum(one["state"] == "rides" for one in answer["models"])
    _, merging = timed(instance.monorepo, "pr", "merge", str(answer["number"]))
    print(f"train of {riding} promotions  {seconds + merging:6.2f} s, target {TRAIN_SECONDS:.0f} s")
    return seconds + merging > TRAIN_SECONDS or riding < promotions


def timed(clone: Path, *words: str) -> tuple[bytes, float]:
    """Run a verb, which must succeed, print what it cost, and return what it said."""
    from measuring import run

    acting = ("--as", "turnpike-bot") if words[0] == "promote" else ()
    extra = {"NO_COLOR": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    done = run((ROOT / "turnpike", *words, *acting, "--json"), clone, extra)
    if done.code != 0:
        raise SystemExit(done.out.decode()[-4000:])
    print(
        f"{' '.join(words[:2]):14} {done.wall:6.2f} s wall, {done.cpu:6.2f} s of CPUs,"
        f" {done.peak / (1 << 20):6.0f} MiB",
        flush=True,
    )
    return done.out, done.wall


if __name__ == "__main__":
    sys.exit(main())
