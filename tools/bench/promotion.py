#!/usr/bin/env python3
"""Time promotion: the next eligible minute over a year of windows, and a plan of every model.

Run it from a checkout: ``PYTHONPATH=platform $(tools/setup/python) tools/bench/promotion.py``; with
``--models 10000`` it also makes an instance of that many models in four environments, which takes
long, or takes the one that is in ``--folder``. Cold reads nothing from an earlier answer. Exit
code 1 where a target is missed; those of plans hold for 10,000 models and two idle cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from turnpike.schedule.subject import ScheduleSubject
from turnpike.schedule.timeline import Timelines
from turnpike.topology.window import Freeze, Schedule, Window

RUNS = 30
WARM_RUNS = 3
TARGET = 0.005
PLAN_SECONDS = {"cold": 15.0, "warm": 3.0}
PLAN_BYTES = 1 << 30
AT = datetime(2026, 1, 1, tzinfo=UTC)
BERLIN = "Europe/Berlin"
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Print the figures; returns 1 where one misses its target."""
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--models", type=int, default=0, help="plan so many models as well")
    wishes.add_argument("--folder", type=Path, help="keep the instance here, and use it again")
    asked = wishes.parse_args()
    missed = next_minute()
    if asked.models:
        with tempfile.TemporaryDirectory(prefix="turnpike-bench-") as scratch:
            missed |= plans(asked.folder or Path(scratch), asked.models, Path(scratch))
    return int(missed)


def next_minute() -> bool:
    """Time the next eligible minute; tell whether a median misses its target."""
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


if __name__ == "__main__":
    sys.exit(main())
