"""``turnpike calendar`` of an instance, on the terminal and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora


def test_the_keys_of_the_roles_are_shown_when_they_expire(aurora: Aurora) -> None:
    events: Any = answered(aurora.instance.monorepo, "calendar", "--days", "366")
    other: Any = answered(aurora.instance.monorepo, "calendar", "--from", "2001-01-01")
    assert {one["kind"] for one in events} <= {"expiry", "freeze", "window"}
    assert other == []


def test_files_are_written_that_programs_and_people_read(aurora: Aurora, tmp_path: Path) -> None:
    ical, page = tmp_path / "a.ics", tmp_path / "a.html"
    words = ("--days", "366", "--ical", str(ical), "--html", str(page))
    text = told(aurora.instance.monorepo, "calendar", *words)
    events: Any = answered(aurora.instance.monorepo, "calendar", "--days", "366")
    assert f"{len(events)} events" in text
    assert len(Calendar.from_ical(ical.read_bytes()).walk("VEVENT")) == len(events)
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_what_main_does_not_list_is_refused(aurora: Aurora) -> None:
    clone = aurora.instance.monorepo
    assert refused(clone, "calendar", "--environment", "moon").code == "environment.unknown"
    assert refused(clone, "calendar", "--team", "moon").code == "team.unknown"


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2199-01-01", "9999-12-31"])
def test_a_day_that_no_schedule_speaks_of_is_no_defect(aurora: Aurora, day: str) -> None:
    error = refused(aurora.instance.monorepo, "calendar", "--from", day)
    assert error.code == "input.usage"
    assert error.message == f"--from: expected a date of the years 1970 to 2198, got {day}"
    assert answered(aurora.instance.monorepo, "calendar", "--from", "2198-12-31") == []
