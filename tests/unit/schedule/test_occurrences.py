"""An entry holds from an instant until an instant, whatever its clocks do in between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rruleset, rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.schedule.local_time import instant_of
from turnpike.schedule.occurrences import occurrences_of
from turnpike.topology.window import LOCAL_TIME
from unit.schedule.entries import LENGTHS, tellings, window
from unit.schedule.simulation import MINUTE, at_minute

ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "UTC")
DAY = datetime(2026, 10, 25)  # Berlin's clocks go back at 03:00
HOUR = timedelta(hours=1)


def held(
    lower: str, upper: str, place: str = "Europe/Berlin", /, **fields: object
) -> list[tuple[str, str]]:
    """Return from when until when, in UTC, an entry holds between two moments of UTC."""
    found = occurrences_of(window("a", place, **fields)).between(at_minute(lower), at_minute(upper))
    return [(f"{one.start:%m-%dT%H:%M}", f"{one.end:%m-%dT%H:%M}") for one in found]


@pytest.mark.parametrize(
    "fields",
    [
        {"cron": "* * * * *"},
        {"cron": "*/5 9-17 * * 1-5"},
        {"start": "2020-01-01T00:00", "rrule": "FREQ=MINUTELY"},
        {"start": "2020-01-01T00:00", "rrule": "FREQ=DAILY;BYHOUR=9;BYMINUTE=0,5,10"},
    ],
)
def test_starts_of_one_day_without_a_gap_are_one_occurrence(fields: dict[str, str]) -> None:
    entry = window("dense", "Europe/Berlin", duration="PT5M", **fields)
    month = at_minute("2026-06-01T00:00"), at_minute("2026-07-01T00:00")
    assert 20 <= len(occurrences_of(entry).between(*month)) <= 32


RULES = (
    "MINUTELY", "MINUTELY;INTERVAL=7", "MINUTELY;INTERVAL=707", "HOURLY", "HOURLY;INTERVAL=25",
    "DAILY", "DAILY;INTERVAL=3", "MINUTELY;UNTIL=20260701T000000Z", "MINUTELY;BYHOUR=9,10",
    "HOURLY;COUNT=900", "DAILY;BYDAY=MO,TU", "HOURLY;INTERVAL=2;BYMINUTE=0,59",
    "DAILY;BYHOUR=0,12", "WEEKLY;BYDAY=MO,TH;INTERVAL=2", "MONTHLY;INTERVAL=2;BYDAY=SU",
    "DAILY;INTERVAL=2;BYDAY=TH,SA", "MONTHLY;BYDAY=-1FR", "WEEKLY;BYDAY=SU,SA;BYSETPOS=-1",
)  # fmt: skip
CRONS = (
    "* * * * *", "*/7 * * * *", "0 * * * *", "* 9-17 * * *", "30 2 * * *", "0 0,12 * * *",
    "0 0 1-31 * 1", "0 0 */1 * 1", "0 9 * * 1-5", "0 0 * * 7#1", "0 0 1-30 * *", "* * * 1-11 *",
)  # fmt: skip
BEGUN = "2026-01-01T00:00"
TOLD = (
    *({"start": BEGUN, "rrule": f"FREQ={rule}"} for rule in RULES),
    *({"start": BEGUN, "rrule": f"FREQ={rule}", "exdate": ("2026-06-15T00:00",)} for rule in RULES),
    *({"cron": cron} for cron in CRONS),
)


@settings(max_examples=150, deadline=None)
@given(
    place=st.sampled_from((*ZONES, "Pacific/Apia")),
    day=st.integers(0, 400),
    told=st.sampled_from(TOLD),
    length=st.sampled_from(
        ("PT1M", "PT7M", "PT1H", "PT11H47M", "PT25H", "P1D", "P1DT1H", "P3D", "P10D", "P17D")
    ),
)
def test_what_holds_throughout_is_what_its_occurrences_leave_no_gap_in(
    place: str, day: int, told: Mapping[str, object], length: str
) -> None:
    entry = occurrences_of(window("a", place, duration=length, **told))
    year = "2011" if place == "Pacific/Apia" and "cron" in told else "2025"
    lower = at_minute(f"{year}-12-25T00:00") + timedelta(days=day - 20)
    upper = lower + timedelta(days=32)
    if entry.held(lower, upper) == [(lower, upper)]:
        reached = lower
        for one in entry.between(lower, upper):
            assert one.start <= reached
            reached = max(reached, one.end)
        assert reached >= upper
    else:
        assert entry.held(lower, upper) == entry.between(lower, upper)


@pytest.mark.parametrize("place", ZONES)
@pytest.mark.parametrize(
    ("told", "length"),
    [
        ({"start": BEGUN, "rrule": "FREQ=MINUTELY"}, "PT3H"),
        ({"start": BEGUN, "rrule": "FREQ=DAILY"}, "PT26H"),
        ({"cron": "* * * * *"}, "PT1M"),
        ({"cron": "* * * * *"}, "P1D"),
        ({"cron": "*/15 * * * *"}, "PT30M"),
        ({"cron": "0,59 * * * 0-6"}, "PT2H"),
    ],
)
def test_fifty_years_of_what_never_ends_ask_for_no_start(
    place: str, told: Mapping[str, object], length: str
) -> None:
    entry = occurrences_of(window("a", place, duration=length, **told))
    lower = at_minute("2026-02-01T00:00")
    for number in range(600):
        stretch = lower + timedelta(days=32 * number), lower + timedelta(days=32 * number + 32)
        assert entry.held(*stretch) == [stretch]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_dates_come_and_go_as_dateutil_has_them(data: st.DataObject) -> None:
    start = datetime(2026, 1, 31, 9, 30)
    rule = data.draw(st.sampled_from(("FREQ=HOURLY;INTERVAL=5", "FREQ=DAILY;COUNT=12", "")))
    dates = st.lists(st.integers(0, 200).map(lambda n: start + n * timedelta(hours=1)), unique=True)
    added, removed = data.draw(dates), data.draw(dates)
    expected = rruleset()
    expected.rrule(rrulestr(rule or "FREQ=DAILY;COUNT=1", dtstart=start))
    for one in added:
        expected.rdate(one)
    for one in removed:
        expected.exdate(one)
    if not (rule or added):
        removed = []
    told = {
        "start": start.strftime(LOCAL_TIME),
        "rdate": tuple(one.strftime(LOCAL_TIME) for one in added),
        "exdate": tuple(one.strftime(LOCAL_TIME) for one in removed),
    } | ({"rrule": rule} if rule else {})
    end = start + timedelta(days=30)
    held = occurrences_of(window("a", "UTC", duration="PT1M", **told))
    found = held.between(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC))
    wanted = expected.between(start, end - MINUTE, inc=True) if rule or added else [start]
    assert [one.start.replace(tzinfo=None) for one in found] == wanted


@pytest.mark.parametrize("place", ZONES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_where_one_looks_changes_nothing_of_when_it_holds(place: str, data: st.DataObject) -> None:
    told, length = data.draw(tellings(DAY)), data.draw(st.sampled_from(sorted(LENGTHS)))
    entry = occurrences_of(window("a", place, duration=length, **told.fields))
    lower = DAY.replace(tzinfo=UTC) - 12 * HOUR
    middle = lower + data.draw(st.integers(1, 47 * 60)) * MINUTE
    upper = lower + 48 * HOUR

    def minutes(begin: datetime, end: datetime) -> set[datetime]:
        found = entry.between(begin, end)
        assert found == sorted(found)
        assert all(one.start < end and begin < one.end for one in found)
        count = int((end - begin) / MINUTE)
        every = (begin + number * MINUTE for number in range(count))
        return {at for at in every if any(one.start <= at < one.end for one in found)}

    assert minutes(lower, upper) == minutes(lower, middle) | minutes(middle, upper)


@pytest.mark.parametrize(
    ("length", "until"),
    [("P1D", "10-25T23:00"), ("PT24H", "10-25T22:00"), ("P1DT1H", "10-26T00:00")],
)
def test_a_day_is_one_of_the_calendar_and_hours_are_exact(length: str, until: str) -> None:
    """On the day on which Berlin's clocks go back a day has 25 hours."""
    found = held("2026-10-25T00:00", "2026-10-25T01:00", start="2026-10-25T00:00", duration=length)
    assert found == [("10-24T22:00", until)]


def test_what_starts_in_an_hour_that_is_skipped_and_ends_in_it_never_holds() -> None:
    told = {"start": "2026-03-29T02:30", "end": "2026-03-29T03:15"}
    assert held("2026-03-28T00:00", "2026-03-30T00:00", **told) == []


def test_an_entry_holds_at_its_start_and_not_at_its_end() -> None:
    told = {"start": "2026-05-01T08:00", "duration": "PT1H"}
    whole = [("05-01T08:00", "05-01T09:00")]
    assert held("2026-05-01T07:00", "2026-05-01T08:00", "UTC", **told) == []
    assert held("2026-05-01T07:59", "2026-05-01T08:01", "UTC", **told) == whole
    assert held("2026-05-01T08:59", "2026-05-01T09:00", "UTC", **told) == whole
    assert held("2026-05-01T09:00", "2026-05-01T10:00", "UTC", **told) == []


def test_a_long_entry_is_found_from_the_middle_of_it() -> None:
    told = {"start": "2026-01-01T00:00", "end": "2027-12-31T00:00"}
    assert len(held("2027-06-01T00:00", "2027-06-01T00:01", "UTC", **told)) == 1
    yearly = {"start": "2020-01-01T00:00", "rrule": "FREQ=YEARLY", "duration": "P366D"}
    assert len(held("2026-12-31T23:00", "2026-12-31T23:01", "UTC", **yearly)) == 1


@pytest.mark.parametrize(("until", "last"), [("070000", "03"), ("065959", "02"), ("070001", "03")])
def test_the_last_start_may_be_at_the_very_instant_until_which_a_rule_goes(
    until: str, last: str
) -> None:
    rule = f"FREQ=DAILY;UNTIL=20260603T{until}Z"
    found = held(
        "2026-06-01T00:00", "2026-06-09T00:00", start="2026-06-01T09:00", rrule=rule,
        duration="PT1H",
    )  # fmt: skip
    assert found[-1] == (f"06-{last}T07:00", f"06-{last}T08:00")


@pytest.mark.parametrize("excluded", ["2026-03-29T02:30", "2026-03-29T03:30"])
def test_two_spellings_of_one_instant_exclude_the_same_start(excluded: str) -> None:
    """Berlin shows no 02:30 on 29 March 2026: it is read as 03:30."""
    told = {
        "start": "2026-03-28T02:30", "rrule": "FREQ=DAILY;COUNT=3", "duration": "PT1H",
        "exdate": (excluded,),
    }  # fmt: skip
    found = held("2026-03-27T00:00", "2026-04-09T00:00", **told)
    assert [start for start, _ in found] == ["03-28T01:30", "03-30T00:30"]


def test_a_time_that_the_clock_shows_twice_starts_every_hour_twice_and_one_hour_once() -> None:
    stretch = "2026-10-25T00:00", "2026-10-25T02:00"
    every = held(*stretch, cron="30 * * * *", duration="PT10M")
    one = held(*stretch, cron="30 2 * * *", duration="PT10M")
    rule = held(*stretch, start="2026-10-20T02:30", rrule="FREQ=DAILY", duration="PT10M")
    assert [start for start, _ in every] == ["10-25T00:30", "10-25T01:30"]
    assert [start for start, _ in one] == [start for start, _ in rule] == ["10-25T00:30"]


def test_an_added_start_holds_besides_the_rule_and_not_if_it_is_excluded() -> None:
    told = {"start": "2026-05-01T08:00", "duration": "PT1H",
            "rdate": ("2026-05-02T10:00", "2026-05-03T10:00")}  # fmt: skip
    stretch = "2026-05-01T00:00", "2026-05-09T00:00", "UTC"
    starts = [start for start, _ in held(*stretch, **told)]
    assert starts == ["05-01T08:00", "05-02T10:00", "05-03T10:00"]
    less = held(*stretch, **told, exdate=("2026-05-02T10:00",))
    assert [start for start, _ in less] == ["05-01T08:00", "05-03T10:00"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60 * 24 * 6), st.sampled_from(ZONES))
def test_what_would_start_is_what_starts_where_nothing_is_excluded(
    minutes: int, place: str
) -> None:
    told = {"start": "2026-10-23T02:10", "rrule": "FREQ=MINUTELY;INTERVAL=20;COUNT=200"}
    entry = occurrences_of(window("a", place, duration="PT1M", **told))
    local = datetime(2026, 10, 23) + minutes // 10 * 10 * MINUTE
    stretch = (local.replace(tzinfo=UTC) + hours * HOUR for hours in (-48, 48))
    starts = {one.start for one in entry.between(*stretch)}
    assert entry.would_start(local) is (instant_of(local, entry.zone) in starts)
