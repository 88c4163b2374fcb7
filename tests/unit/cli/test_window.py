"""``turnpike window`` answers for a file alone, in exactly three keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from turnpike.cli.window import command
from turnpike.errors import InvalidDocument, UsageError

HEAD = "apiVersion: turnpike.dev/v1\nkind: Schedule\n"
UNTIL_NOON = "name: a, start: '2026-01-02T00:00', end: '2026-01-02T12:00'"
RULED = 'name: a, start: "2026-01-02T00:00", duration: PT1H'
DAYS = "windows:\n  - {name: days, timezone: Europe/Berlin, cron: 0 9 * * 1-5, duration: PT8H}\n"


def asked(folder: Path, text: str, at: str, *options: str) -> Result:
    file = folder / "schedule.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    arguments = ["--schedule", str(file), "--at", at, *options]
    return CliRunner().invoke(command, arguments, standalone_mode=False)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-27T10:00:00+01:00", (True, "days", "2026-03-27T16:00:00Z")),
        ("2026-03-27T17:00:00+01:00", (False, None, "2026-03-30T07:00:00Z")),
        ("2026-03-30t07:00:00z", (True, "days", "2026-03-30T15:00:00Z")),
    ],
)
def test_it_prints_exactly_three_keys(
    tmp_path: Path, at: str, expected: tuple[bool, str | None, str]
) -> None:
    answer = json.loads(asked(tmp_path, DAYS, at).stdout)
    assert answer == dict(zip(("open", "by", "next_change"), expected, strict=True))


@pytest.mark.parametrize(
    ("entry", "at", "expected"),
    [
        # 85 hours after the start it is 13:00.
        (f"{RULED}, rrule: FREQ=HOURLY;INTERVAL=5", "2026-01-05T12:30:00Z", (False, "13:00")),
        (f"{RULED}, rrule: FREQ=MINUTELY;INTERVAL=707", "2026-01-02T12:00:00Z", (True, "12:47")),
        (f"{RULED}, rrule: FREQ=YEARLY;BYWEEKNO=2", "2026-01-09T00:59:00Z", (True, "01:00")),
        (f"{RULED}, rrule: 'FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=-1;BYHOUR=3'",
         "2026-01-05T03:00:00Z", (False, "03:30")),
        (f'{RULED}, rrule: FREQ=DAILY, exdate: ["2026-01-05T00:00"], rdate: ["2026-01-05T07:00"]',
         "2026-01-05T00:00:00Z", (False, "07:00")),
    ],
)  # fmt: skip
def test_rules_of_rfc_5545_are_answered(
    tmp_path: Path, entry: str, at: str, expected: tuple[bool, str]
) -> None:
    answer = json.loads(asked(tmp_path, f"windows:\n  - {{{entry}}}\n", at).stdout)
    assert (answer["open"], answer["next_change"][11:16]) == expected


def test_an_exclusion_that_excludes_nothing_is_passed_over_and_told(tmp_path: Path) -> None:
    entry = f'{{{RULED}, rrule: FREQ=DAILY, exdate: ["2026-01-04T00:00", "2026-01-03T00:01"]}}'
    told = asked(tmp_path, f"windows:\n  - {entry}\n", "2026-01-03T00:30:00Z")
    assert json.loads(told.stdout) == {
        "open": True, "by": "a", "next_change": "2026-01-03T01:00:00Z",
    }  # fmt: skip
    (line,) = told.stderr.splitlines()
    assert f"{tmp_path / 'schedule.yaml'}:4: windows.0.exdate.1: expected" in line
    assert "2026-01-03T00:01" in line


def test_an_empty_schedule_is_always_open(tmp_path: Path) -> None:
    answer = json.loads(asked(tmp_path, "windows: []\n", "2026-03-27T10:00:00Z").stdout)
    assert answer == {"open": True, "by": None, "next_change": None}


@pytest.mark.parametrize("at", ["2026-03-27T10:00:00", "2026-03-27", "now", "2026-02-30T00:00:00Z"])
def test_a_time_without_an_offset_or_sense_is_refused(tmp_path: Path, at: str) -> None:
    error = asked(tmp_path, DAYS, at).exception
    assert isinstance(error, UsageError)
    assert "offset" in error.message


def test_a_scoped_entry_asks_who_is_meant(tmp_path: Path) -> None:
    text = "freezes:\n  - {name: f, cron: 0 9 * * *, duration: P1D, teams: [oncology]}\n"
    error = asked(tmp_path, text, "2026-03-27T10:00:00Z").exception
    assert isinstance(error, UsageError)
    assert "--team" in error.message
    named = asked(tmp_path, text, "2026-03-27T10:00:00Z", "--model", "oncology/m")
    assert json.loads(named.stdout)["by"] == "f"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("{name: a, timezone: Europe/Berln, cron: 0 9 * * *, duration: P1D}", "timezone"),
        ('{name: a, start: "2026-01-02T00:00", end: "2026-01-01T00:00"}', "end"),
        ("{name: a, cron: 0 9 * * *, duration: PT0H}", "duration"),
        ("{name: a, cron: 0 9 * * *, duration: -PT1H}", "duration"),
        ("{name: a, cron: 0 25 * * *, duration: PT1H}", "cron"),
        ('{name: a, start: "2026-01-02T00:00", rrule: FREQ=DAILY;FOO=1, duration: PT1H}', "rrule"),
        (f"{{{RULED}, rrule: FREQ=SECONDLY}}", "rrule"),
        (f"{{{RULED}, rrule: FREQ=HOURLY;INTERVAL=0}}", "rrule"),
        (f"{{{RULED}, rrule: FREQ=HOURLY;BYSETPOS=1}}", "rrule"),
        (f"{{{RULED}, rrule: FREQ=MONTHLY;BYWEEKNO=3}}", "rrule"),
        (f'{{{RULED}, rdate: ["2026-01-01T00:00"]}}', "rdate"),
        (f'{{{RULED}, rdate: ["2026-02-01T00:00", "2026-02-01T00:00"]}}', "rdate"),
        (f'{{{RULED}, rdate: ["2026-02-30T00:00"]}}', "rdate.0"),
        (f'{{{RULED}, exdate: ["2026-01-02T00:00"]}}', "exdate"),
        ('{name: a, cron: 0 9 * * *, duration: PT1H, rdate: ["2026-02-01T00:00"]}', "rdate"),
        (f"{{{UNTIL_NOON}, rdate: ['2026-02-01T00:00']}}", "rdate"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named_by_file_line_and_field(
    tmp_path: Path, entry: str, field: str
) -> None:
    error = asked(tmp_path, f"windows:\n  - {entry}\n", "2026-03-27T10:00:00Z").exception
    assert isinstance(error, InvalidDocument)
    problem = error.problems[0]
    assert (problem.file, problem.line) == (str(tmp_path / "schedule.yaml"), 4)
    assert problem.field == f"windows.0.{field}"
