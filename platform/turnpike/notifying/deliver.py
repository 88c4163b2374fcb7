"""Tell a sink what it does not have yet, and keep the place after each event.

The place is written after the receiver took the event: a run that is killed between the two tells
that one event again, under the same id, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.notifying.cursor import Cursor, Place
from turnpike.notifying.entry import CarriedOut, Entry
from turnpike.notifying.event import Event
from turnpike.notifying.events import events_of
from turnpike.notifying.interface import Sink
from turnpike.notifying.reading import entries_of
from turnpike.record.record import Record

Since = datetime | str
"""A time, or the digest of a decision (or its beginning): the first that is told."""


def pending(
    record: Record, place: Place | None, since: Since | None = None
) -> Iterator[tuple[Place, Event]]:
    """Yield the events that a sink at a place does not have, oldest first, each with its place.

    ``since`` counts instead of the place. Raises InputError for a decision that is not there.
    """
    if since is not None:
        told = events_of(_from(entries_of(record), since))
    else:
        told = events_of(entries_of(record, ObjectId(place.commit) if place else None))
    events = ((Place(commit=entry.commit, event=event.id), event) for entry, event in told)
    yield from events if since is not None or place is None else _after(events, place)


def deliver(sink: Sink, cursor: Cursor, events: Iterator[tuple[Place, Event]]) -> Iterator[Event]:
    """Send events one by one; yield each that the sink has, with its place written down."""
    for place, event in events:
        sink.send(event)
        cursor.write(place)
        yield event


def deliver_news(sink: Sink, cursor: Cursor, place: Place, event: Event) -> bool:
    """Send an event unless it is the last one that the sink has; tell whether it was sent."""
    last = cursor.read()
    if last is not None and last.event == event.id:
        return False
    sink.send(event)
    cursor.write(place)
    return True


def _after(events: Iterator[tuple[Place, Event]], last: Place) -> Iterator[tuple[Place, Event]]:
    """Leave out what came up to the last event; all of its commit where it is not there.

    A newer Turnpike may tell other events of one entry: telling twice is better than not at all.
    """
    first: list[tuple[Place, Event]] = []
    for place, event in events:
        if place.commit != last.commit:
            yield from first
            yield place, event
            yield from events
            return
        first = [] if place.event == last.event else [*first, (place, event)]
    yield from first


def _from(entries: Iterator[Entry], since: Since) -> Iterator[Entry]:
    is_first = _is_at(since) if isinstance(since, datetime) else _is_decision(since)
    for entry in entries:
        if is_first(entry):
            yield entry
            yield from entries
            return
    if isinstance(since, str):
        raise InputError(
            f"--since: expected a time or a decision on the record, got {since}",
            code="notify.unknown-decision",
            solution="`turnpike history TEAM/MODEL` lists decisions.",
        )


def _is_at(since: datetime) -> Callable[[Entry], bool]:
    return lambda entry: (
        (entry.outcome.finished_at if isinstance(entry, CarriedOut) else entry.decision.decided_at)
        >= since
    )


def _is_decision(since: str) -> Callable[[Entry], bool]:
    return lambda entry: not isinstance(entry, CarriedOut) and entry.digest.startswith(since)
