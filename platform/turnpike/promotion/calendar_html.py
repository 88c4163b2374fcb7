"""A calendar as one HTML page: weeks with a box for each day, then everything as a list.

The page is whole in itself: no script, no address of anything else, and all text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from html import escape

from turnpike.html_page import CLOSED, opened
from turnpike.promotion.calendar import Event, Kind
from turnpike.topology.zone import zone

_DAY = timedelta(days=1)
_MOST = 6
"""So many events are shown in a day's box; the list below has all."""
_KINDS: tuple[Kind, ...] = ("stop", "freeze", "window", "expiry", "soak")
"""What closes the road comes first, so that a full day does not hide it."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STYLE = """\
:root{--out-paper:#f6f8fa;--today:#0969da;
--window-paper:#dafbe1;--freeze-paper:#ddf4ff;--soak-paper:#fff8c5;--expiry-paper:#fbefff;
--stop-paper:#ffebe9;
--window:#1a7f37;--freeze:#0969da;--soak:#9a6700;--expiry:#8250df;--stop:#cf222e}
@media (prefers-color-scheme:dark){:root{--out-paper:#161b22;--today:#4493f8;
--window-paper:#12291b;--freeze-paper:#0f2440;--soak-paper:#2d2508;--expiry-paper:#271a3d;
--stop-paper:#3a1517;
--window:#3fb950;--freeze:#4493f8;--soak:#d29922;--expiry:#ab7df8;--stop:#f85149}}
.grid{table-layout:fixed}
.grid td{border:1px solid var(--line);height:5.5rem;padding:.25rem}
.grid td.out{background:var(--out-paper)}
.grid td.today{outline:2px solid var(--today);outline-offset:-2px}
.day{color:var(--quiet);font-size:.8rem}
.chip{border-left:4px solid;border-radius:3px;color:var(--text);display:block;font-size:.75rem;
margin:2px 0;overflow:hidden;padding:1px 5px;text-overflow:ellipsis;white-space:nowrap}
.window{background:var(--window-paper);border-color:var(--window)}
.freeze{background:var(--freeze-paper);border-color:var(--freeze)}
.soak{background:var(--soak-paper);border-color:var(--soak)}
.expiry{background:var(--expiry-paper);border-color:var(--expiry)}
.stop{background:var(--stop-paper);border-color:var(--stop)}
.list td:first-child{white-space:nowrap}
@media (max-width:48rem){.weeks{display:none}
.list td:first-child,.list .chip{white-space:normal}}
"""
"""On a narrow screen the weeks are left out: seven boxes beside each other hold no words."""


def html_of(events: Sequence[Event], start: datetime, end: datetime, now: datetime) -> str:
    """Return the page about ``[start, end)``; days are those of UTC."""
    title = f"Promotion calendar, {start:%Y-%m-%d} to {end - _DAY:%Y-%m-%d}"
    kinds = "".join(
        f' <span class="chip {kind}" style="display:inline-block">{kind}</span>' for kind in _KINDS
    )
    return "".join(
        (
            opened(title, STYLE),
            f"<p>Days and hours are in UTC; as of {_moment(now)}.{kinds}</p>",
            "\n".join(_grid(events, start, end, now)),
            "\n".join(_list(events)),
            "\n",
            CLOSED,
        )
    )


def _grid(events: Sequence[Event], start: datetime, end: datetime, now: datetime) -> Iterator[str]:
    headings = "".join(f'<th scope="col">{name}</th>' for name in _WEEKDAYS)
    yield '<section class="weeks"><h2>By day</h2>'
    yield f'<table class="grid"><thead><tr>{headings}</tr></thead><tbody>'
    day = start.date() - start.weekday() * _DAY
    while day < end.date():
        week = [day + number * _DAY for number in range(7)]
        boxes = (_box(events, one, (start.date(), end.date()), now.date()) for one in week)
        yield f"<tr>{''.join(boxes)}</tr>"
        day = week[-1] + _DAY
    yield "</tbody></table></section>"


def _box(events: Sequence[Event], day: date, asked: tuple[date, date], today: date) -> str:
    if not asked[0] <= day < asked[1]:
        return '<td class="out"></td>'
    begins = datetime.combine(day, time(), UTC)
    held = [event for event in events if event.touches(begins, begins + _DAY)]
    held.sort(key=lambda event: _KINDS.index(event.kind))
    chips = "".join(_chip(event, begins) for event in held[:_MOST])
    more = f'<span class="day">and {len(held) - _MOST} more</span>' if len(held) > _MOST else ""
    mark = ' class="today" aria-current="date"' if day == today else ""
    return f'<td{mark}><span class="day">{day:%d %b}</span>{chips}{more}</td>'


def _chip(event: Event, begins: datetime) -> str:
    hours = "" if event.start < begins else f"{event.start.astimezone(UTC):%H:%M} "
    text = escape(f"{hours}{event.name} ({event.about})")
    return f'<span class="chip {event.kind}" title="{escape(event.says)}">{text}</span>'


def _list(events: Sequence[Event]) -> Iterator[str]:
    yield "<h2>One by one</h2>"
    if not events:
        yield "<p>Nothing.</p>"
        return
    headings = ("when", "what", "for", "why", "said by")
    cells = "".join(f'<th scope="col">{one}</th>' for one in headings)
    yield f'<table class="list"><thead><tr>{cells}</tr></thead><tbody>'
    for event in events:
        texts = (f"{event.kind} {event.name}", event.about, event.says, event.source)
        rest = "".join(f"<td>{escape(text)}</td>" for text in texts)
        yield f'<tr><td><span class="chip {event.kind}">{_span(event)}</span></td>{rest}</tr>'
    yield "</tbody></table>"


def _span(event: Event) -> str:
    own = f"<br>{escape(_moment(event.start, event.zone))}" if event.zone != "UTC" else ""
    until = f"<br>to {_moment(event.end)}" if event.end > event.start else ""
    return f"{_moment(event.start)}{until}{own}"


def _moment(moment: datetime, name: str = "UTC") -> str:
    return f"{moment.astimezone(zone(name)):%Y-%m-%d %H:%M} {name}"
