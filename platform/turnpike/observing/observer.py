"""The observer: looks at deployments again and again, and tells of each interval what was in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta

from turnpike.cluster.interface import Look, Probe, Watched
from turnpike.observing.interval import Interval, Promise, interval_of, joined, parted
from turnpike.observing.quality import HeldOut, Quality, quality_of

_LOOKS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Told:
    """What was seen of a deployment in one interval.

    ``stretch`` is that interval together with those before it that it continues: one statement
    says all of it. Of an interval that is ``unread`` none says anything.
    """

    watched: Watched
    interval: Interval
    stretch: Interval


@dataclass(slots=True)
class _File:
    """What is known of one deployment: the looks since the last interval, and what was before."""

    looks: list[Look] = field(default_factory=list)
    before: Look | None = None
    stretch: Interval | None = None


def _nothing(_: Watched) -> None:
    """Measure nobody's quality."""


class Observer:
    """Watches what serves; a release that changes is another one, with time of its own.

    Time for which nobody looked, longer than ``longest_gap``, belongs to no interval.
    """

    def __init__(
        self,
        probe: Probe,
        longest_gap: timedelta,
        held_out: Callable[[Watched], HeldOut | None] = _nothing,
    ) -> None:
        """Watch through a probe; ``held_out`` tells by which records quality is measured."""
        self._probe = probe
        self._longest_gap = longest_gap
        self._held_out = held_out
        self._files: dict[Watched, _File] = {}

    def look(self, watched: Iterable[Watched]) -> None:
        """Look once at each deployment, at several at once."""
        wanted = tuple(watched)
        with ThreadPoolExecutor(_LOOKS_AT_ONCE) as lanes:
            for one, look in zip(wanted, lanes.map(self._probe.look, wanted), strict=True):
                self._files.setdefault(one, _File()).looks.append(look)

    def tell(self) -> tuple[Told, ...]:
        """Return what was seen since the last time, by deployment, and begin a new interval.

        What was not looked at since is forgotten.
        """
        told = tuple(one for w in self._files for one in self._told(w, self._files[w]))
        self._files = {w: file for w, file in self._files.items() if file.looks}
        for file in self._files.values():
            file.before, file.looks = file.looks[-1], []
        return told

    def _quality(self, watched: Watched) -> Quality:
        held_out = self._held_out(watched)
        if held_out is None:
            return ()
        return quality_of(held_out, self._probe.answers(watched, held_out.rows))

    def _told(self, watched: Watched, file: _File) -> Iterator[Told]:
        before = file.before
        for run in parted(file.looks, before, self._longest_gap):
            promised = Promise(watched.promised_milliseconds, watched.tolerated_errors)
            interval = interval_of(run, before, self._longest_gap, promised)
            if run[-1] is file.looks[-1]:
                interval = replace(interval, quality=self._quality(watched))
            file.stretch = (file.stretch and joined(file.stretch, interval)) or interval
            before = run[-1]
            yield Told(watched, interval, file.stretch)
