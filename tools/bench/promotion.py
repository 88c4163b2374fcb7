#!/usr/bin/env python3
"""Time promotion: the next eligible minute over a year of windows, cold and warm.

Run it from a checkout: ``PYTHONPATH=platform $(tools/setup/python) tools/bench/promotion.py``. Cold
reads nothing from an earlier answer; warm asks the same timeline at another minute.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from turnpike.schedule.subject import ScheduleSubject
from turnpike.schedule.timeline import Timelines
from turnpike.topology.window import Freeze, Schedule, Window

RUNS = 30
TARGET = 0.005
AT = datetime(2026, 1, 1, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def main() -> int:
    """Print the figures; returns 1 where a median misses its target."""
    cold, warm = [], []
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
    return int(max(statistics.median(cold), statistics.median(warm)) > TARGET)


def schedule() -> Schedule:
    """Return windows of every working day and a freeze that ends a year from now."""
    rule = {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "start": "2020-01-01T09:00"}
    day = {"name": "days", "timezone": BERLIN, "duration": "PT8H", **rule}
    long = {"name": "long", "timezone": BERLIN, "start": "2025-12-01T00:00"}
    return Schedule.of(
        (Window.model_validate(day),),
        (Freeze.model_validate({**long, "end": "2026-12-24T00:00"}),),
    )


if __name__ == "__main__":
    sys.exit(main())
