"""The starts of a rule are those of dateutil, from its start and from the middle alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr

from turnpike.schedule.recurring import rule_starts
from turnpike.topology.recurrence import rule_of

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
)


@pytest.mark.parametrize("text", RULES)
def test_it_starts_when_dateutil_says(text: str) -> None:
    end = START + timedelta(days=9 * 366)
    expected = list(takewhile(lambda moment: moment < end, rrulestr(text, dtstart=START)))
    starts = rule_starts(rule_of(text), START)
    assert list(starts.starts(START - timedelta(days=400), end)) == expected
    middle = START + timedelta(days=1000, hours=5)
    later = [moment for moment in expected if moment >= middle]
    assert list(starts.starts(middle, end)) == later


def test_a_day_that_never_comes_is_given_up_at_the_end_of_the_stretch() -> None:
    starts = rule_starts(rule_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), START)
    assert list(starts.starts(START, START + timedelta(days=4000))) == []
