"""``turnpike calendar``: windows, freezes, soaks that end, expiries and stops, day by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, numbered, table
from turnpike.cli.wiring import house_here, now
from turnpike.errors import UsageError

if TYPE_CHECKING:
    from turnpike.promotion.calendar import Event

_HELP = """
Show what happens when: windows that open, freezes that hold, soaks that end if all stays
healthy, keys that expire, and stops in force, from what main and the record say now.

Days begin at midnight UTC. --ical writes a file that calendar programs read (RFC 5545), --html
one page without scripts that needs nothing else.
"""
_YEARS = range(1970, 2199)
"""The years that schedules speak of, less the last: a calendar goes a year on."""
_HEADINGS = ("from", "until", "what", "name", "for", "why")


@click.command(help=_HELP)
@click.option(
    "--from",
    "first",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day, such as 2026-12-01; default: today.",
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=28, show_default=True, help="How many days."
)
@click.option("--environment", metavar="ENVIRONMENT", help="Only what bears on this one.")
@click.option("--team", metavar="TEAM", help="Only what bears on this team's models.")
@click.option(
    "--ical", "ical", type=click.Path(path_type=Path, dir_okay=False), help="Write iCalendar here."
)
@click.option(
    "--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write a page here."
)
@json_option
def command(
    first: datetime | None,
    days: int,
    environment: str | None,
    team: str | None,
    ical: Path | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """Gather the events, and print or write them."""
    from turnpike.cli.planning import overview
    from turnpike.promotion.calendar import Stretch
    from turnpike.promotion.calendar_html import html_of
    from turnpike.promotion.calendar_ical import ical_of

    if first and not _YEARS[0] <= first.year <= _YEARS[-1]:
        wanted = f"a date of the years {_YEARS[0]} to {_YEARS[-1]}"
        raise UsageError(f"--from: expected {wanted}, got {first.date()}")
    house, moment = house_here(), now()
    start = (first.replace(tzinfo=UTC) if first else moment).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    stretch = Stretch(start, start + timedelta(days=days), environment, team)
    events = overview(house, environment, moment).events(stretch)
    if ical:
        ical.write_bytes(ical_of(events, moment, house.instance.genesis[:12]))
    if page:
        page.write_text(html_of(events, stretch.start, stretch.end, moment), "utf-8")
    emit(as_json, [_value(event) for event in events], _lines(events, ical, page))


def _lines(events: tuple[Event, ...], *written: Path | None) -> list[str]:
    from turnpike.explain.escape import for_terminal

    files = [f"wrote {for_terminal(str(file))}" for file in written if file]
    if files:
        return [*files, numbered(len(events), "event")]
    return table(_HEADINGS, (_row(event) for event in events))


def _row(event: Event) -> tuple[str, ...]:
    until = "" if event.end == event.start else _moment(event.end)
    return _moment(event.start), until, event.kind, event.name, event.about, event.says


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _value(event: Event) -> dict[str, JsonValue]:
    return {
        "kind": event.kind,
        "name": event.name,
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "about": event.about,
        "says": event.says,
        "timezone": event.zone,
        "source": event.source,
        "id": event.id,
    }
