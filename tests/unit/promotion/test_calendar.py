"""What happens when, for whom, and by which file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.layout import DeploymentKey
from turnpike.promotion.calendar import Event, EvidenceEnd, Stretch, events_in
from turnpike.promotion.ground import Ground
from turnpike.topology.stop import Stop
from unit.judge.examples import NOW, RoleKey
from unit.promotion.outlooks import Entries, Main, schedule, seen_in, stage, stages, stop

MARCH = Stretch(NOW, NOW + timedelta(days=7))
DAY = timedelta(days=1)
CLOSE: Entries = [
    {"name": "close", "start": "2026-03-03T18:00", "end": "2026-03-05T06:00", "reason": "books"}
]
OFFICE: Entries = [{"name": "office", "cron": "0 8 * * 1-5", "duration": "PT8H"}]


def events(main: Main, stretch: Stretch = MARCH) -> list[tuple[str, str, str]]:
    found = events_in(stretch, main.ground, main.moves())
    return [(one.kind, one.name, one.about) for one in found]


def test_a_freeze_of_all_and_an_environments_own_window_are_shown_with_their_files() -> None:
    road = stages(stage("dev", windows=OFFICE), stage("staging", "dev"))
    main = Main(environments=road, schedule=schedule(freezes=CLOSE))
    found = events_in(MARCH, main.ground, ())
    windows = [one for one in found if one.kind == "window"]
    # Today's is open already, and that of a week from now begins within its last hour.
    assert len(windows) == 6
    assert {one.source for one in windows} == {"environments/dev/environment.yaml"}
    (freeze,) = (one for one in found if one.kind == "freeze")
    assert (freeze.start, freeze.end) == (
        datetime(2026, 3, 3, 18, tzinfo=UTC),
        datetime(2026, 3, 5, 6, tzinfo=UTC),
    )
    assert (freeze.says, freeze.source) == ("books", "environments/schedule.yaml")


def test_an_environment_and_a_team_see_only_what_bears_on_them() -> None:
    others: Entries = [{**CLOSE[0], "teams": ["cardiology"]}]
    main = Main(schedule=schedule(freezes=others))
    assert events(main, replace(MARCH, team="oncology")) == []
    assert events(main, replace(MARCH, team="cardiology")) != []
    scoped = Main(schedule=schedule(freezes=[{**CLOSE[0], "environments": ["dev"]}]))
    assert events(scoped, replace(MARCH, environment="staging")) == []
    assert events(scoped, replace(MARCH, environment="dev")) != []


def test_a_soak_is_shown_where_it_ends() -> None:
    road = stages(stage("dev"), stage("staging", "dev", soakSeconds=3600))
    main = Main(environments=road, serves={"dev": 1})
    assert events(main) == [("soak", "oncology/triage", "dev > staging")]
    assert events(main, replace(MARCH, start=NOW + DAY)) == []


def test_a_key_is_shown_when_it_expires() -> None:
    key = RoleKey("observer", NOW + DAY).public
    ground: Ground = replace(Main().ground, keys=(key,))
    (found,) = events_in(MARCH, ground, ())
    assert (found.kind, found.name, found.start) == ("expiry", "observer-1", NOW + DAY)


def test_a_stop_holds_all_the_time_for_those_whom_it_names() -> None:
    main = Main(stops=(stop("outage", teams=["oncology"]),))
    assert events(main) == [("stop", "outage", "team oncology")]
    assert events(main, replace(MARCH, team="cardiology")) == []


def test_an_id_is_the_same_whenever_it_is_asked_for_and_no_other_events() -> None:
    main = Main(schedule=schedule(freezes=CLOSE, windows=OFFICE))
    ids = [one.id for one in events_in(MARCH, main.ground, ())]
    assert len(set(ids)) == len(ids)
    wider = Stretch(NOW - DAY, NOW + 9 * DAY)
    assert set(ids) <= {one.id for one in events_in(wider, main.ground, ())}


def named(main: Main, at: datetime) -> dict[str, set[str]]:
    """Return the ids of a week's events as they are asked for at a moment, by their kind."""
    found = events_in(Stretch(at, at + 7 * DAY), main.ground, main.moves(at=at))
    assert len({one.id for one in found}) == len(found)
    return {kind: {e.id for e in found if e.kind == kind} for kind in ("soak", "stop")}


def test_a_soak_and_a_stop_keep_their_ids_on_whichever_day_they_are_asked_for() -> None:
    road = stages(
        stage("dev"),
        stage("test"),
        stage("staging", "dev", "test", soakSeconds=86400, fanIn="all"),
    )
    main = Main(environments=road, serves={"dev": 1, "test": 1}, stops=(stop("outage"),))
    ids = named(main, NOW)
    assert (len(ids["soak"]), len(ids["stop"])) == (2, 1)
    for days in (1, 3, 40):
        assert named(main, NOW + days * DAY) == ids
    half = main.having(heard=seen_in("dev", 1, 60))
    assert named(half, NOW) == ids


def test_another_soak_and_another_stop_have_other_ids() -> None:
    road = stages(stage("dev"), stage("staging", "dev", soakSeconds=3600))
    first = named(Main(environments=road, serves={"dev": 1}, stops=(stop("outage"),)), NOW)
    again = replace_incident(stop("outage"), "INC-8")
    second = named(Main(environments=road, serves={"dev": 2}, stops=(again,)), NOW)
    assert first["soak"].isdisjoint(second["soak"])
    assert first["stop"].isdisjoint(second["stop"])


def replace_incident(one: Stop, incident: str) -> Stop:
    return one.model_copy(update={"incident": incident})


@given(st.integers(-50, 50), st.integers(0, 50), st.integers(1, 50))
def test_an_event_touches_a_stretch_exactly_where_some_instant_is_in_both(
    start: int, length: int, asked: int
) -> None:
    hour = timedelta(hours=1)
    event = Event("soak", "x", NOW + start * hour, NOW + (start + length) * hour, "", "", "UTC", "")
    held = range(start, max(start + length, start + 1))
    assert event.touches(NOW, NOW + asked * hour) == any(0 <= one < asked for one in held)


def test_the_end_of_evidence_is_shown_once_an_environment() -> None:
    places = [DeploymentKey("production", one, "oncology", "triage") for one in ("eu", "us")]
    ends = [EvidenceEnd(place, "1", NOW + DAY) for place in places]
    (found,) = events_in(MARCH, Main().ground, (), ends)
    assert (found.kind, found.name, found.about) == ("expiry", "oncology/triage", "production")
    assert found.start == found.end == NOW + DAY
    assert "turnpike revalidate" in found.says
    elsewhere = replace(MARCH, environment="dev")
    assert events_in(elsewhere, Main().ground, (), ends) == ()
    assert events_in(replace(MARCH, team="cardiology"), Main().ground, (), ends) == ()
    sooner = [replace(ends[1], end=NOW + DAY / 2), *ends]
    (again,) = events_in(MARCH, Main().ground, (), sooner)
    assert (again.start, again.id) == (NOW + DAY / 2, found.id)
    later = [replace(ends[0], end=NOW + 8 * DAY)]
    assert events_in(MARCH, Main().ground, (), later) == ()
