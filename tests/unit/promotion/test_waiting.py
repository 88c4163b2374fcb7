"""Waivers, debts and entries for one model: what an outlook must not take for the same for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from turnpike.judge.decision import Debt
from turnpike.promotion.move import Move
from turnpike.promotion.outlook import Asking, Outlook
from turnpike.topology.waiver import Waiver
from unit.judge.examples import NOW
from unit.promotion.outlooks import Entries, Main, codes, schedule, stage, stages, stop
from unit.promotion.world import KEY

HOUR = timedelta(hours=1)
CLOSE: Entries = [{"name": "close", "start": "2026-03-01T00:00", "end": "2026-03-02T15:00"}]
ROAD = stages(stage("dev"), stage("staging", "dev", soakSeconds=3600))
WAITING = Main(environments=ROAD, serves={"dev": 1}, schedule=schedule(freezes=CLOSE))


def waiver(code: str, hours: int = 9, subject: str = str(KEY)) -> Waiver:
    return Waiver(
        api_version="turnpike.dev/v1",
        kind="Waiver",
        name=code,
        code=code,
        subject=subject,
        reason="it was agreed",
        approver="nora",
        expires_at=NOW + hours * HOUR,
    )


def staged(main: Main, **ground: object) -> Move:
    look = Outlook(
        replace(main.ground, **ground),  # type: ignore[arg-type]
        main.fleet,
        {},
        lambda *_: True,
        NOW,
    )
    (move,) = look.moves(Asking(environment="staging"))
    return move


def excused(*waivers: Waiver) -> Move:
    return staged(WAITING, waivers={one.name: one for one in waivers})


def test_a_waiver_takes_away_what_it_is_for_and_nothing_else() -> None:
    assert codes(excused(waiver("soak-incomplete"))) == ["schedule-closed"]
    assert codes(excused(waiver("schedule-closed"))) == ["soak-incomplete"]
    assert excused(waiver("schedule-closed"), waiver("soak-incomplete")).can_now
    assert excused(waiver("schedule-closed")).earliest == NOW + HOUR


def test_a_waiver_of_every_place_is_one_of_the_move() -> None:
    place = f"staging/local/{KEY}"
    assert codes(excused(waiver("soak-incomplete", subject=place))) == ["schedule-closed"]
    other = f"staging/local/{KEY}-two"
    assert codes(excused(waiver("soak-incomplete", subject=other)))[0] == "soak-incomplete"


def test_a_waiver_that_has_expired_excuses_nothing() -> None:
    assert codes(excused(waiver("soak-incomplete", hours=-1)))[0] == "soak-incomplete"


def test_the_line_yields_to_no_waiver() -> None:
    stopped = WAITING.having(stops=(stop("outage"),))
    waivers = {"x": waiver("line-stopped")}
    assert codes(staged(stopped, waivers=waivers))[0] == "line-stopped"


def test_a_debt_that_is_due_stops_the_team_and_no_other() -> None:
    debt = Debt(
        team="oncology",
        deployment="production/local/oncology/triage",
        incident="INC-9",
        reason="it burned",
        commander="grace",
        author="maria",
        due=NOW - HOUR,
    )
    main = Main(serves={"dev": 1})
    assert codes(staged(main, debts=(debt,))) == ["debt.unpaid"]
    others = debt.model_copy(update={"team": "cardiology"})
    assert staged(main, debts=(others, debt.model_copy(update={"due": NOW + HOUR}))).can_now


def test_an_entry_for_one_model_holds_for_that_one_alone() -> None:
    for model, expected in ((str(KEY), ["schedule-closed"]), ("oncology/other", [])):
        told = schedule(freezes=[{**CLOSE[0], "models": [model]}])
        assert codes(Main(serves={"dev": 1}, schedule=told).move("staging")) == expected
