"""Every date that a text names is found, whatever stands around it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.dates import dates_in

DAY = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("until 2026-12-01T06:00:00Z.", DAY + timedelta(hours=6)),
        ('"2026-12-01t06:00:00.5z"', DAY + timedelta(hours=6, milliseconds=500)),
        ("2026-12-01 06:00:00+02:00", DAY + timedelta(hours=4)),
    ],
)
def test_a_moment_is_read_with_its_offset(text: str, moment: datetime) -> None:
    assert dates_in(text) == (moment,)


def test_a_day_stands_for_its_beginning_and_its_end() -> None:
    assert dates_in("retired: 2026-12-01") == (DAY, DAY + timedelta(days=1))


@pytest.mark.parametrize("text", ["2026-13-45", "12026-12-01", "2026-12-011", "draft/2020-12"])
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert dates_in(text) == ()


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_as_documents_write_it_is_found(moment: datetime) -> None:
    assert dates_in(f'{{"at":"{moment.isoformat()}"}}') == (moment,)


def test_what_only_begins_like_a_date_hides_none() -> None:
    for text in ("2026-11-2026-11-29", "12-2026-11-29", "0.2026-11-29", "2026-2026-11-29x"):
        assert dates_in(text) == dates_in("2026-11-29")
    assert dates_in("12026-11-29") == dates_in("2026-11-291") == ()
