"""A calendar as iCalendar (RFC 5545), for any program that shows calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from turnpike.promotion.calendar import Event

if TYPE_CHECKING:
    from icalendar import Event as Component


def ical_of(events: Iterable[Event], now: datetime, instance: str) -> bytes:
    """Return the file; ``instance`` makes ids differ from those of another monorepo.

    Times are in UTC, so that no VTIMEZONE is needed. What only holds for a moment has no end
    (RFC 5545, section 3.6.1), and nothing keeps anybody's time busy. A calendar without a component
    is none (section 3.6), so where nothing happens the file holds the zone of its times alone.
    """
    from icalendar import Calendar, Timezone

    calendar = Calendar()
    calendar.add("prodid", "-//Turnpike//turnpike calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for event in events:
        calendar.add_component(_component(event, now, instance))
    if not calendar.subcomponents:
        calendar.add_component(Timezone.from_tzid("UTC"))
    content: bytes = calendar.to_ical()
    return content


def _component(event: Event, now: datetime, instance: str) -> Component:
    from icalendar import Event as Made

    component = Made()
    component.add("uid", f"{event.id}@{instance}.turnpike")
    component.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    component.add("dtstart", event.start.astimezone(UTC))
    if event.end > event.start:
        component.add("dtend", event.end.astimezone(UTC))
    component.add("summary", f"{event.kind} {event.name} ({event.about})")
    component.add("description", f"{event.says}\n{event.source}")
    component.add("categories", [event.kind])
    component.add("transp", "TRANSPARENT")
    return component
