"""The file is iCalendar that a parser of its own reads back."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar

from turnpike.promotion.calendar import Event
from turnpike.promotion.calendar_ical import ical_of
from unit.judge.examples import NOW

HOUR = timedelta(hours=1)
LONG = Event(
    "freeze", "close; of, the\\quarter", NOW, NOW + HOUR, "all environments", "ü " * 80, "UTC", "x"
)
MOMENT = Event("expiry", "key-1", NOW, NOW, "all", "expires", "UTC", "policies/keys/key-1.yaml")


def written(*events: Event) -> bytes:
    return ical_of(events, NOW, "abc")


def test_what_is_written_reads_back() -> None:
    first, second = Calendar.from_ical(written(LONG, MOMENT)).walk("VEVENT")
    assert (first["SUMMARY"], first.decoded("DTSTART"), first.decoded("DTEND")) == (
        "freeze close; of, the\\quarter (all environments)", NOW, NOW + HOUR,
    )  # fmt: skip
    assert first["DESCRIPTION"] == "ü " * 80 + "\nx"
    assert "DTEND" not in second
    assert first["UID"] != second["UID"]


def test_lines_end_in_crlf_and_none_is_longer_than_75_octets() -> None:
    content = written(LONG, MOMENT)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_every_event_has_what_the_standard_demands() -> None:
    calendar = Calendar.from_ical(written(LONG))
    assert (calendar["VERSION"], calendar["CALSCALE"]) == ("2.0", "GREGORIAN")
    (event,) = calendar.walk("VEVENT")
    assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)


def test_the_same_event_keeps_its_uid_in_the_next_file() -> None:
    def uid(content: bytes) -> str:
        return str(Calendar.from_ical(content).walk("VEVENT")[0]["UID"])

    assert uid(written(LONG)) == uid(ical_of([LONG], NOW + HOUR, "abc"))
    assert uid(written(LONG)) != uid(ical_of([LONG], NOW, "another"))


def test_a_calendar_of_nothing_has_a_component_as_the_standard_demands() -> None:
    content = written()
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert zone["TZID"] == "UTC"
    assert content.count(b"BEGIN:STANDARD\r\n") == 1
    assert b"VTIMEZONE" not in written(MOMENT)
