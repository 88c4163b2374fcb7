"""Why a schedule is closed, one reason after the other, until it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from turnpike.schedule.timeline import Timeline
from turnpike.topology.window import Freeze

_MOST = 6
"""So many reasons are told; the moment at which it opens is right however many there are."""


@dataclass(frozen=True, slots=True)
class Closure:
    """One freeze, or the time outside all windows: its name, why, and until when.

    ``name`` is None outside all windows, where ``opens`` names the window that comes. ``zone`` is
    that of the entry, for whoever shows ``until``, which is None where it never ends.
    """

    name: str | None
    reason: str | None
    opens: str | None
    until: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Closures:
    """The reasons of one timeline; each entry's own times are worked out once."""

    timeline: Timeline
    _alone: dict[str | None, Timeline] = field(default_factory=dict)

    def from_(self, at: datetime) -> tuple[Closure, ...]:
        """Return what keeps the schedule closed from an instant on; nothing where it is open."""
        return tuple(self._following(at))

    def _following(self, at: datetime) -> Iterator[Closure]:
        for _ in range(_MOST):
            state = self.timeline.state(at)
            if state.open:
                return
            closure = self._freeze(state.by, at) if state.by else self._outside(at)
            yield closure
            if closure.until is None:
                return
            at = closure.until

    def _freeze(self, name: str, at: datetime) -> Closure:
        entry = next(o.entry for o in self.timeline.freezes if o.entry.name == name)
        reason = entry.reason if isinstance(entry, Freeze) else None
        until = self._only(name).next_change(at)
        return Closure(name, reason, None, until, entry.timezone)

    def _outside(self, at: datetime) -> Closure:
        windows = self._only(None)
        until = windows.next_change(at)
        if until is None:
            return Closure(None, None, None, None, "UTC")
        name = windows.state(until).by
        zones = {one.entry.name: one.entry.timezone for one in windows.windows}
        return Closure(None, None, name, until, zones.get(name or "", "UTC"))

    def _only(self, name: str | None) -> Timeline:
        """Return the timeline of one freeze alone, or with None that of all windows."""
        if name not in self._alone:
            held = tuple(o for o in self.timeline.freezes if o.entry.name == name)
            windows = self.timeline.windows if name is None else ()
            self._alone[name] = Timeline(windows=windows, freezes=held)
        return self._alone[name]
