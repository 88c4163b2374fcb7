"""A move in words, and what changed between two outlooks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from turnpike.promotion.outlook_text import differences, is_news, row, value_of, waits_for, when
from unit.judge.examples import NOW
from unit.promotion.outlooks import Entries, Main, schedule, seen_in, stage, stages

CLOSE: Entries = [
    {
        "name": "quarter-close",
        "timezone": "Europe/Berlin",
        "start": "2026-03-01T18:00",
        "end": "2026-03-05T06:00",
    }
]
ROAD = stages(stage("dev"), stage("staging", "dev", asks=1, soakSeconds=43200))
WAITING = Main(environments=ROAD, serves={"dev": 1}, schedule=schedule(freezes=CLOSE))
READY = Main(serves={"staging": 1})


def test_all_that_it_waits_for_stands_on_one_line_in_order() -> None:
    move = replace(WAITING.move("staging"), since=NOW - timedelta(hours=2))
    assert waits_for(move, NOW) == (
        "dev since 07:00 UTC, soaks until 21:00 UTC (0 of 43200 seconds seen healthy); "
        "freeze quarter-close until 2026-03-05 06:00 Europe/Berlin; "
        "then one approval from @release-managers"
    )
    assert when(move, NOW) == "2026-03-05 05:00 UTC"


def test_what_can_go_now_waits_for_approvals_alone() -> None:
    move = READY.move("production")
    assert row(move, NOW) == (
        "oncology/triage", "staging > production", "1", "now",
        "one approval from @release-managers",
    )  # fmt: skip


def test_what_stands_already_is_no_news() -> None:
    move = Main(serves={"dev": 1}).move("dev")
    assert (is_news(move), when(move, NOW)) == (False, "there")
    assert is_news(READY.move("production"))


def test_what_waits_for_somebody_says_no() -> None:
    assert when(Main(admitted=False).move("dev"), NOW) == "no"


def test_machines_get_the_same_with_codes_and_moments() -> None:
    value = value_of(WAITING.move("staging"))
    assert (value["now"], value["earliest"]) == (False, "2026-03-05T05:00:00+00:00")
    blockers = value["blockers"]
    assert isinstance(blockers, list)
    assert len(blockers) == 2
    assert value["approvals"] == [{"group": "release-managers", "count": 1}]


def test_the_same_outlook_differs_in_nothing() -> None:
    assert differences(READY.moves(), READY.moves(), NOW) == ()


def test_what_changed_is_told_for_each_move() -> None:
    before = WAITING.moves()
    after = WAITING.having(schedule=None, heard=seen_in("dev", 1, 720)).moves()
    (told,) = differences(before, after, NOW)
    assert told.startswith("oncology/triage to staging: 1 from dev")
    assert "freeze quarter-close" in told.partition("; now ")[0]
    assert "freeze" not in told.partition("; now ")[2]
    (gone,) = differences(WAITING.moves()[1:], (), NOW)
    assert "nothing is left to move" in gone
