"""What can move now, what can't, and that the earliest moment is the earliest."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.promotion.move import Asked
from turnpike.promotion.outlook import Asking
from unit.judge.examples import NOW
from unit.promotion.outlooks import Entries, Main, codes, schedule, seen_in, stage, stages, stop
from unit.promotion.world import KEY

LATER = timedelta(hours=3)
DEV = Main(serves={"dev": 1})
FEW = settings(deadline=None, max_examples=8)


def soaking(seconds: int = 3600) -> Main:
    """Return a main on which staging asks for a soak in dev."""
    staging = stage("staging", "dev", soakSeconds=seconds)
    return DEV.having(environments=stages(stage("dev"), staging))


def freeze(name: str, start: datetime, end: datetime) -> dict[str, str]:
    form = "%Y-%m-%dT%H:%M"
    return {"name": name, "start": start.strftime(form), "end": end.strftime(form)}


def test_what_main_has_can_go_to_a_first_environment() -> None:
    move = Main().move("dev")
    assert (move.origin, move.version, move.can_now, move.earliest) == ("main", "1", True, NOW)


def test_what_a_stage_serves_can_go_on_and_says_which_bytes() -> None:
    move = DEV.move("staging")
    artifact = next(iter(DEV.fleet.releases.values())).artifact
    assert (move.origin, move.artifact, move.targets) == ("dev", artifact, ("local",))
    assert move.can_now


def test_every_model_is_asked_about_in_the_order_of_the_road() -> None:
    main = Main(serves={"dev": 2, "staging": 1})
    assert [m.environment for m in main.moves()] == ["dev", "staging", "production"]
    assert {m.model for m in main.moves()} == {KEY}


def test_what_stands_already_is_nothing_new() -> None:
    move = Main(serves={"dev": 1, "staging": 1}).move("staging")
    assert (codes(move), move.earliest, move.targets) == (["nothing-new"], None, ())


def test_less_than_all_of_the_traffic_is_not_all_of_it() -> None:
    main = Main(serves={"dev": 1, "staging": 1})
    assert codes(main.move("staging")) == ["nothing-new"]


def test_an_environment_that_no_stage_before_it_serves_is_left_out_unless_asked_for() -> None:
    assert "production" not in [move.environment for move in DEV.moves()]
    asked = DEV.move("production")
    assert (codes(asked), asked.version, asked.earliest) == (["stages-missing"], None, None)


def test_an_environment_that_is_not_listed_is_never_open() -> None:
    assert Main().moves(Asking(environment="the-moon")) == ()


def test_approvals_are_those_that_the_environment_asks_for() -> None:
    move = Main(serves={"staging": 1}).move("production")
    assert (move.can_now, move.approvals) == (True, (Asked("release-managers", 1),))


# --- what somebody must act on --------------------------------------------------------------------


def test_what_no_decision_let_in_is_not_released() -> None:
    assert codes(Main(admitted=False).move("dev")) == ["not-admitted"]


def test_the_line_stands_still_until_somebody_lifts_the_stop() -> None:
    move = DEV.having(stops=(stop("outage"),)).move("staging")
    assert (codes(move), move.earliest) == (["line-stopped"], None)
    assert "outage (INC-7): down" in move.blockers[0].says


def test_a_stop_for_others_stops_nothing() -> None:
    assert DEV.having(stops=(stop("outage", teams=["cardiology"]),)).move("staging").can_now


def test_a_stop_of_one_cloud_leaves_the_other_targets_alone() -> None:
    plain = stage("staging", "dev")
    aws = plain.targets[0].model_copy(update={"name": "aws", "cloud": "aws"})
    both = plain.model_copy(update={"targets": (*plain.targets, aws)})
    main = DEV.having(
        environments=stages(stage("dev"), both), stops=(stop("outage", clouds=["aws"]),)
    )
    assert "line stopped in aws" in main.move("staging").blockers[0].says
    assert main.move("staging", targets=["local"]).can_now
    assert codes(main.move("staging", targets=["aws"])) == ["line-stopped"]


# --- soaks ----------------------------------------------------------------------------------------


def test_a_soak_ends_when_the_rest_of_it_has_passed() -> None:
    move = soaking().having(heard=seen_in("dev", 1, 20)).move("staging")
    assert (codes(move), move.earliest) == (["soak-incomplete"], NOW + timedelta(minutes=40))
    assert "1200 of 3600 seconds" in move.blockers[0].says


def test_what_nobody_saw_has_all_of_its_soak_before_it() -> None:
    assert soaking().move("staging").earliest == NOW + timedelta(hours=1)


def test_what_has_soaked_can_go() -> None:
    assert soaking().having(heard=seen_in("dev", 1, 60)).move("staging").can_now


def test_other_bytes_in_the_same_stage_have_soaked_for_nobody() -> None:
    assert codes(soaking().having(heard=seen_in("dev", 2, 60)).move("staging")) == [
        "soak-incomplete"
    ]


# --- schedules ------------------------------------------------------------------------------------


def test_a_freeze_is_named_with_its_end() -> None:
    held: Entries = [{**freeze("close", NOW - LATER, NOW + LATER), "reason": "the books"}]
    move = DEV.having(schedule=schedule(freezes=held)).move("staging")
    assert (codes(move), move.earliest) == (["schedule-closed"], NOW + LATER)
    assert move.blockers[0].says == "freeze close until 12:00 UTC (the books)"


def test_after_a_soak_comes_the_first_open_minute() -> None:
    later = NOW + timedelta(minutes=30), NOW + LATER
    main = soaking().having(schedule=schedule(freezes=[{**freeze("close", *later)}]))
    move = main.move("staging")
    assert (codes(move), move.earliest) == (["soak-incomplete", "schedule-closed"], NOW + LATER)


def test_a_freeze_that_is_over_before_the_soak_holds_nobody_up_for_longer() -> None:
    held: Entries = [{**freeze("close", NOW - LATER, NOW + timedelta(minutes=30))}]
    move = soaking().having(schedule=schedule(freezes=held)).move("staging")
    assert codes(move) == ["soak-incomplete", "schedule-closed"]
    assert move.earliest == NOW + timedelta(hours=1)


def test_what_never_opens_has_no_earliest_moment() -> None:
    past: Entries = [{**freeze("past", NOW - 2 * LATER, NOW - LATER)}]
    move = DEV.having(schedule=schedule(windows=past)).move("staging")
    assert (codes(move), move.earliest) == (["schedule-closed"], None)


# --- fan-in, tracks and broken roads --------------------------------------------------------------


def joined(fan_in: str, soak: int = 0) -> Main:
    last = stage("production", "east", "west", fanIn=fan_in, soakSeconds=soak)
    road = stages(stage("dev"), stage("east", "dev"), stage("west", "dev"), last)
    return Main(environments=road, serves={"dev": 1, "west": 1})


def test_any_of_several_stages_is_enough() -> None:
    move = joined("any").move("production")
    assert (move.origin, move.can_now) == ("west", True)


def test_all_of_several_stages_must_serve_the_very_bytes() -> None:
    main = joined("all")
    assert codes(main.move("production")) == ["stages-missing"]
    assert "not in east yet" in main.move("production").blockers[0].says
    assert main.having(serves={"west": 1, "east": 1}).move("production").can_now


def test_where_all_must_have_it_every_stage_soaks() -> None:
    main = joined("all", 3600).having(serves={"west": 1, "east": 1})
    assert codes(main.move("production")) == ["soak-incomplete", "soak-incomplete"]
    one = main.having(heard=seen_in("west", 1, 60)).move("production")
    assert [blocker.says.split()[0] for blocker in one.blockers] == ["east"]


def test_of_several_stages_the_one_that_has_soaked_longest_is_the_origin() -> None:
    main = joined("any", 3600).having(serves={"west": 1, "east": 1})
    assert main.move("production").origin == "east"
    assert main.having(heard=seen_in("west", 1, 10)).move("production").origin == "west"


def test_two_tracks_with_other_bytes_are_two_moves() -> None:
    moves = joined("any").having(serves={"east": 2, "west": 1}).moves()
    found = {m.origin: m.version for m in moves if m.environment == "production"}
    assert found == {"east": "2", "west": "1"}


def test_an_unknown_source_closes_nothing_else() -> None:
    road = stages(stage("dev"), stage("staging", "dev", "nowhere"))
    assert DEV.having(environments=road).move("staging").can_now


def test_a_road_that_is_a_circle_is_closed_and_leaves_others_alone() -> None:
    road = stages(stage("dev"), stage("staging", "dev"), stage("a", "b"), stage("b", "a"))
    main = Main(environments=road, serves={"dev": 1, "a": 1})
    assert codes(main.move("b")) == ["road-is-a-cycle"]
    assert main.move("staging").can_now


# --- properties -----------------------------------------------------------------------------------

MINUTES = st.integers(0, 240)
SPANS = st.tuples(st.integers(-20, 40), st.integers(1, 25))


def entries(name: str, spans: list[tuple[int, int]]) -> Entries:
    moments = [NOW + timedelta(minutes=start) for start, _ in spans]
    return [
        {**freeze(f"{name}-{number}", at, at + timedelta(minutes=length))}
        for number, (at, (_, length)) in enumerate(zip(moments, spans, strict=True))
    ]


def earliest(main: Main) -> datetime | None:
    return main.move("staging").earliest


WATCHED = seen_in("dev", 1, 400, until=NOW + timedelta(minutes=400))
"""Somebody watches from now on; at each moment only what has passed by then counts."""


def first_minute(main: Main) -> datetime | None:
    """Ask minute by minute whether it can go, if an observer sees it healthy from now on."""
    watched = main.having(heard=WATCHED)
    minutes = (NOW + timedelta(minutes=number) for number in range(75))
    return next((at for at in minutes if watched.move("staging", at).can_now), None)


@FEW
@given(st.lists(SPANS, max_size=3), st.lists(SPANS, max_size=3), st.integers(0, 15))
def test_the_earliest_moment_is_the_first_minute_at_which_it_can_go(
    windows: list[tuple[int, int]], freezes: list[tuple[int, int]], soak: int
) -> None:
    told = schedule(windows=entries("w", windows), freezes=entries("f", freezes))
    main = soaking(soak * 60).having(schedule=told)
    assert earliest(main) == first_minute(main)


@FEW
@given(st.lists(SPANS, max_size=3), st.lists(SPANS, max_size=3), SPANS, st.integers(0, 15))
def test_a_further_freeze_makes_nothing_earlier(
    windows: list[tuple[int, int]], freezes: list[tuple[int, int]], more: tuple[int, int], soak: int
) -> None:
    def with_freezes(spans: list[tuple[int, int]]) -> datetime | None:
        told = schedule(windows=entries("w", windows), freezes=entries("f", spans))
        return earliest(soaking(soak * 60).having(schedule=told))

    before, after = with_freezes(freezes), with_freezes([*freezes, more])
    assert after is None or (before is not None and before <= after)


@FEW
@given(MINUTES, MINUTES)
def test_more_healthy_time_makes_nothing_later(one: int, other: int) -> None:
    less, more = sorted((one, other))
    found = [earliest(soaking(7200).having(heard=seen_in("dev", 1, m + 1))) for m in (less, more)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[1] <= found[0]


@pytest.mark.parametrize("asks", [0, 1, 2])
def test_approvals_never_move_the_earliest_moment(asks: int) -> None:
    road = stages(stage("dev"), stage("staging", "dev", asks=asks))
    move = DEV.having(environments=road).move("staging")
    assert (move.earliest, sum(a.count for a in move.approvals)) == (NOW, asks)


def test_the_same_main_at_the_same_moment_has_the_same_outlook() -> None:
    main = soaking()
    assert main.moves() == main.moves()
