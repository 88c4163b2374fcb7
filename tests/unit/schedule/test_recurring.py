"""The starts of a rule are those of dateutil, from its start and from the middle alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr

from turnpike.schedule.local_time import instant_of
from turnpike.schedule.recurring import cron_starts, rule_starts
from turnpike.topology.recurrence import rule_of
from turnpike.topology.zone import zone

UTC = zone("UTC")
START = datetime(2024, 1, 31, 9, 30)
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;BYMONTH=1,6",
    "FREQ=DAILY;BYHOUR=0,2,23;BYMINUTE=0,59",
    "FREQ=DAILY;COUNT=17",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU",
    "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=SU,TU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1,1,31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=MONTHLY;BYDAY=-1FR,2MO;COUNT=9",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;BYDAY=20MO,-1SU",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO",
    "FREQ=YEARLY;INTERVAL=2;BYYEARDAY=1,100,-1",
    "FREQ=HOURLY;INTERVAL=6",
    "FREQ=MINUTELY;INTERVAL=20;BYHOUR=3",
    "FREQ=HOURLY;INTERVAL=5",
    "FREQ=HOURLY;INTERVAL=7;BYMINUTE=0,59;BYDAY=MO,SA",
    "FREQ=HOURLY;INTERVAL=25;BYMONTH=2,3",
    "FREQ=HOURLY;INTERVAL=1000;COUNT=40",
    "FREQ=HOURLY;INTERVAL=5;BYHOUR=4,5;BYMINUTE=0,20,40;BYSETPOS=1,-1",
    "FREQ=HOURLY;BYHOUR=9,10;BYMINUTE=0,15,30;BYSETPOS=-2",
    "FREQ=MINUTELY;INTERVAL=7;BYHOUR=3;BYMINUTE=0,1,2,3",
    "FREQ=MINUTELY;INTERVAL=7;COUNT=500",
    "FREQ=MINUTELY;INTERVAL=1441;BYMONTH=1,12",
    "FREQ=MINUTELY;INTERVAL=50000;BYYEARDAY=-1,1,2,3",
    "FREQ=MINUTELY;INTERVAL=95;BYDAY=TU;BYHOUR=6;BYSETPOS=-1",
    "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=WE;BYHOUR=1,2;BYSETPOS=2",
)


@pytest.mark.parametrize("text", RULES)
def test_it_starts_when_dateutil_says(text: str) -> None:
    end = START + timedelta(days=9 * 366)
    expected = list(takewhile(lambda moment: moment < end, rrulestr(text, dtstart=START)))
    starts = rule_starts(rule_of(text), START, UTC)
    assert list(starts.starts(START - timedelta(days=400), end)) == expected
    middle = START + timedelta(days=1000, hours=5)
    later = [moment for moment in expected if moment >= middle]
    assert list(starts.starts(middle, end)) == later


def test_a_day_that_never_comes_is_given_up_at_the_end_of_the_stretch() -> None:
    starts = rule_starts(rule_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), START, UTC)
    assert list(starts.starts(START, START + timedelta(days=4000))) == []


def test_a_week_without_a_day_means_the_day_of_the_start() -> None:
    weeks = rule_starts(rule_of("FREQ=YEARLY;BYWEEKNO=1,20,-1"), START, UTC)  # a Wednesday
    named = rule_starts(rule_of("FREQ=YEARLY;BYWEEKNO=1,20,-1;BYDAY=WE"), START, UTC)
    stretch = START, START + timedelta(days=9 * 366)
    found = list(weeks.starts(*stretch))
    assert found == list(named.starts(*stretch))
    assert found[:2] == [datetime(2024, 5, 15, 9, 30), datetime(2024, 12, 25, 9, 30)]


def test_what_lies_before_the_start_keeps_its_place_in_a_set() -> None:
    """RFC 5545: a set begins where its period does. dateutil begins it at the start."""
    starts = rule_starts(rule_of("FREQ=WEEKLY;BYDAY=TU,WE,FR;BYSETPOS=2"), START, UTC)
    thursday = rule_starts(
        rule_of("FREQ=WEEKLY;BYDAY=TU,WE,FR;BYSETPOS=2"), START + timedelta(days=1), UTC
    )
    stretch = START, START + timedelta(days=10)
    assert list(starts.starts(*stretch)) == [START, START + timedelta(days=7)]
    assert list(thursday.starts(*stretch)) == [START + timedelta(days=7)]


@pytest.mark.parametrize(
    "frequency", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"]
)
def test_an_interval_beyond_all_dates_starts_once(frequency: str) -> None:
    starts = rule_starts(rule_of(f"FREQ={frequency};INTERVAL=99999"), START, UTC)
    assert list(starts.starts(START, START + timedelta(days=60))) == [START]
    assert START not in starts.starts(START + timedelta(days=1), START + timedelta(days=20_000))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("0 22-22/1 * * *", "0 22 * * *"),
        ("0 07-7/2,9 * * *", "0 7,9 * * *"),
        ("0 9 * * mon-MON/2", "0 9 * * 1"),
        ("0 9 * * mon-1/2", "0 9 * * 1"),
        ("0 9 1-1/5 jan-jan/3 *", "0 9 1 1 *"),
        ("5-5/10 9 * * 5L", "5 9 * * 5L"),
    ],
)
def test_a_cron_range_of_one_is_that_one_whatever_its_step(text: str, same: str) -> None:
    stretch = START, START + timedelta(days=400)
    assert list(cron_starts(text).starts(*stretch)) == list(cron_starts(same).starts(*stretch))


@pytest.mark.parametrize(
    ("place", "text", "start", "wanted"),
    [
        # Berlin's clocks jump from 02:00 to 03:00 on 29 March 2026: 02:30 is read as 03:30.
        ("Europe/Berlin", "FREQ=HOURLY;COUNT=4", "2026-03-29T00:30", "2026-03-29T04:30"),
        ("Europe/Berlin", "FREQ=HOURLY;INTERVAL=5;COUNT=3", "2026-03-28T21:30", "2026-03-29T07:30"),
        ("Europe/Berlin", "FREQ=DAILY;BYHOUR=2,3;COUNT=2", "2026-03-29T02:30", "2026-03-30T02:30"),
        # They show 02:30 twice on 25 October, which means the first.
        ("Europe/Berlin", "FREQ=HOURLY;COUNT=4", "2026-10-25T00:30", "2026-10-25T03:30"),
        # Apia skipped 30 December 2011: its hours are those of the day after.
        ("Pacific/Apia", "FREQ=HOURLY;INTERVAL=12;COUNT=5", "2011-12-29T06:00", "2012-01-01T06:00"),
    ],
)
def test_a_count_is_of_instants(place: str, text: str, start: str, wanted: str) -> None:
    first = datetime.fromisoformat(start)
    starts = list(
        rule_starts(rule_of(text), first, zone(place)).starts(first, first + timedelta(days=30))
    )
    assert starts[-1] == datetime.fromisoformat(wanted)
    assert len({instant_of(one, zone(place)) for one in starts}) == rule_of(text).count
