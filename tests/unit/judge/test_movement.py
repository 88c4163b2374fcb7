"""What windows, freezes and stops on main say of a release that moves."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import JsonValue

from turnpike.judge.facts import Facts
from turnpike.judge.movement import movement_of, stops_of
from turnpike.judge.policy_input import Movement
from turnpike.topology.environment import ENVIRONMENT, Environment
from turnpike.topology.stop import STOP, Stop
from turnpike.topology.window import SCHEDULE, Schedule
from unit.judge.deployed import FACTS, KEY
from unit.judge.examples import environment, model

MONDAY_NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFFICE = {"name": "office", "cron": "0 8 * * 1-5", "duration": "PT8H"}
CLOSE = {
    "name": "close",
    "start": "2026-03-01T00:00",
    "end": "2026-03-04T06:00",
    "reason": "the books are closed",
}


def dev(**entries: list[dict[str, JsonValue]]) -> Environment:
    plain = environment("dev").model_dump(mode="json", by_alias=True)
    return ENVIRONMENT.validate_python({**plain, **entries}, strict=False)


def shared(**entries: list[dict[str, JsonValue]]) -> Schedule:
    head = {"apiVersion": "turnpike.dev/v1", "kind": "Schedule"}
    return SCHEDULE.validate_python({**head, **entries}, strict=False)


def stop(name: str, **scope: list[str]) -> Stop:
    head = {"apiVersion": "turnpike.dev/v1", "kind": "Stop", "name": name, "incident": "INC-7"}
    return STOP.validate_python({**head, "reason": "down", **scope}, strict=False)


def asked(place: Environment, facts: Facts = FACTS) -> Movement:
    facts = facts.model_copy(update={"clock": MONDAY_NINE})
    return movement_of(facts, KEY, model(), place, place.targets[0])


def on_main(**documents: object) -> Facts:
    return FACTS.model_copy(update={"base": FACTS.base.model_copy(update=documents)})


def test_without_any_entry_it_is_open_and_nothing_will_change() -> None:
    found = asked(dev())
    assert (found.open, found.by, found.next_change, found.opens_at) == (True, None, None, None)


def test_an_open_window_says_when_it_closes() -> None:
    found = asked(dev(windows=[{**OFFICE}]))
    closes = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert (found.open, found.by, found.next_change, found.opens_at) == (
        True, "office", closes, None,
    )  # fmt: skip


def test_a_freeze_says_why_and_when_it_is_open_next() -> None:
    found = asked(dev(windows=[{**OFFICE}], freezes=[{**CLOSE}]))
    assert (found.open, found.by, found.reason) == (False, "close", "the books are closed")
    assert found.opens_at == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def test_the_schedule_that_all_share_counts_beside_the_environments_own() -> None:
    found = asked(dev(windows=[{**OFFICE}]), on_main(schedule=shared(freezes=[{**CLOSE}])))
    assert (found.open, found.by, found.reason) == (False, "close", "the books are closed")


OTHERS: list[dict[str, JsonValue]] = [
    {"teams": ["cardiology"]},
    {"tiers": ["low"]},
    {"models": ["oncology/other"]},
]


def test_an_entry_for_others_does_not_hold() -> None:
    for scope in OTHERS:
        assert asked(dev(freezes=[{**CLOSE, **scope}])).open
    mine: dict[str, JsonValue] = {"teams": ["oncology"], "tiers": ["high"]}
    assert not asked(dev(freezes=[{**CLOSE, **mine}])).open


def test_what_never_opens_says_so() -> None:
    past = {"name": "past", "start": "2020-01-01T00:00", "end": "2020-01-02T00:00"}
    found = asked(dev(windows=[{**past}]))
    assert (found.open, found.by, found.opens_at) == (False, None, None)


def test_stops_that_speak_of_it_are_named_in_order() -> None:
    stops = {one.name: one for one in (stop("b"), stop("a"), stop("c", teams=["cardiology"]))}
    found = asked(dev(), on_main(stops=stops))
    assert [one.name for one in found.standstills] == ["a", "b"]


def test_a_stop_of_a_cloud_leaves_other_clouds_alone() -> None:
    target = environment("dev").targets[0]
    assert stops_of([stop("a", clouds=["aws"])], KEY, target) == ()
    assert [one.name for one in stops_of([stop("a", clouds=["local"])], KEY, target)] == ["a"]
