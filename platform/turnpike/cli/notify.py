"""``turnpike notify``: tell others what the record says, as events."""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import json_option, progress, say
from turnpike.cli.span import Span
from turnpike.cli.wiring import House, house_here
from turnpike.errors import Interrupted, Unavailable, UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.notifying.cursor import Cursor
    from turnpike.notifying.deliver import Since
    from turnpike.notifying.event import Event
    from turnpike.notifying.interface import Sink


@click.command()
@click.option(
    "--to",
    "to",
    required=True,
    metavar="SINK",
    help="file:PATH, webhook:URL, slack:URL or teams:URL; a URL may stand in @FILE or $NAME.",
)
@click.option("--since", metavar="TIME|DECISION", help="Begin there, wherever the sink is.")
@click.option("--follow", is_flag=True, help="Go on until Ctrl-C or SIGTERM.")
@click.option("--interval", type=Span(), default="5s", show_default=True, help="With --follow.")
@click.option("--dry-run", is_flag=True, help="Show what would be told; tell nobody.")
@json_option
def command(
    to: str, since: str | None, follow: bool, interval: timedelta, dry_run: bool, as_json: bool
) -> None:
    """Tell a file, a webhook, Slack or Teams what was decided, merged and released.

    Events are CloudEvents 1.0, in the order of the record; the id of an event is the digest of the
    decision or outcome that it tells of. Each sink has its place in the record, kept in the
    instance's folder, so the next run goes on there; a run that was killed repeats at most the one
    event that was on its way, under the same id. The first run begins at the genesis, or where
    --since says.

    A receiver that is busy, ill or away is tried again with growing waits. One that refuses is
    told nothing more in this run, and its place stays.

    A line is told for each event, with --json the event itself, an object a line. Exit code 3 when
    the receiver did not take one.
    """
    from turnpike.notifying.addressing import sink_at
    from turnpike.notifying.cursor import FOLDER, cursor_of
    from turnpike.notifying.deliver import pending
    from turnpike.notifying.posting import Patience

    if follow and dry_run:
        raise UsageError("--follow: expected it without --dry-run, got both")
    stopped = threading.Event()
    sink = sink_at(to, os.environ, Patience(stopped.wait))
    start, house = _since(since), house_here()
    with cursor_of(house.instance.folder / FOLDER, sink.key) as cursor:
        if dry_run:
            for _, event in pending(house.record, cursor.read(), start):
                say(_shown(event, as_json))
            return
        telling = _Telling(house, sink, cursor, start, as_json)
        if follow:
            _follow(telling, interval, stopped)
        else:
            telling.tell()


@dataclass
class _Telling:
    """One sink that is told; where it begins counts until it was told something."""

    house: House
    sink: Sink
    cursor: Cursor
    since: Since | None
    as_json: bool

    def tell(self) -> None:
        """Tell what the sink does not have now, and show each event that it took."""
        from turnpike.notifying.deliver import deliver, pending

        events = pending(self.house.record, self.cursor.read(), self.since)
        for event in deliver(self.sink, self.cursor, events):
            self.since = None
            say(_shown(event, self.as_json))


def _follow(telling: _Telling, interval: timedelta, stopped: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    progress(f"telling {telling.sink}; Ctrl-C ends")
    while not stopped.is_set():
        try:
            telling.house.refresh()
            telling.tell()
        except Unavailable as error:
            progress(f"not told yet, will be tried again: {error.message}")
        except Interrupted:
            return
        stopped.wait(interval.total_seconds())


def _shown(event: Event, as_json: bool) -> str:
    return json.dumps(event.envelope()) if as_json else _line(event)


def _line(event: Event) -> str:
    return f"{event.time:%Y-%m-%d %H:%M:%S}  {event.kind}  {for_terminal(event.text)}"


def _since(text: str | None) -> Since | None:
    if text is None or text.startswith("sha256:"):
        return text
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            f"--since: expected an RFC 3339 time with an offset or sha256:..., got {text}",
            solution="Such as 2026-11-28T09:00:00Z.",
        )
    return moment
