"""A schedule that nobody can mean is refused with its file and field, and blocks nothing else."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.judge.facts import Documents, Facts
from turnpike.judge.schedules import schedule_findings
from turnpike.topology.window import SCHEDULE
from unit.judge.deployed import FACTS

CLOSE: dict[str, JsonValue] = {
    "name": "close", "start": "2026-03-01T00:00", "end": "2026-03-04T06:00",
}  # fmt: skip
NEVER: dict[str, JsonValue] = {
    "name": "never",
    "start": "2026-02-01T00:00",
    "rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "duration": "PT1H",
}
OFFICE: dict[str, JsonValue] = {"name": "office", "cron": "0 8 * * 1-5", "duration": "PT8H"}


def bringing(
    *freezes: dict[str, JsonValue], windows: tuple[dict[str, JsonValue], ...] = ()
) -> Facts:
    head = {"apiVersion": "turnpike.dev/v1", "kind": "Schedule"}
    schedule = SCHEDULE.validate_python(
        {**head, "windows": windows, "freezes": freezes}, strict=False
    )
    return FACTS.model_copy(update={"head": Documents(schedule=schedule)})


def fields(facts: Facts) -> list[str]:
    return [f"{one.subject} {one.expected.split(':')[0]}" for one in schedule_findings(facts)]


def test_a_sound_schedule_is_let_in() -> None:
    assert fields(bringing(CLOSE, windows=(OFFICE,))) == []


@pytest.mark.parametrize(
    ("freezes", "field"),
    [
        ((CLOSE, {**CLOSE, "end": "2026-03-05T00:00"}), "freezes.1.name"),
        (({**CLOSE, "teams": ["nobody"]},), "freezes.0.teams"),
        (({**CLOSE, "models": ["nobody/model"]},), "freezes.0.models"),
        (({**CLOSE, "environments": ["prodution"]},), "freezes.0.environments"),
        (({**NEVER},), "freezes.0.rrule"),
    ],
)
def test_what_nobody_can_mean_is_named(
    freezes: tuple[dict[str, JsonValue], ...], field: str
) -> None:
    assert fields(bringing(*freezes)) == [f"environments/schedule.yaml {field}"]


def test_a_window_that_is_always_frozen_is_named() -> None:
    always: dict[str, JsonValue] = {"name": "always", "cron": "0 0 * * *", "duration": "P1D"}
    assert fields(bringing(always, windows=(OFFICE,))) == ["environments/schedule.yaml windows.0"]


def test_what_stands_on_main_already_blocks_no_other_change() -> None:
    twice = bringing(CLOSE, {**CLOSE, "end": "2026-03-05T00:00"})
    base = twice.base.model_copy(update={"schedule": twice.head.schedule})
    facts = FACTS.model_copy(update={"base": base})
    assert fields(facts) == []
