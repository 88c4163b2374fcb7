"""``turnpike observe``: watch what serves, and state what was seen in the observer's role."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.output import json_option, progress, say
from turnpike.cli.site import Site
from turnpike.cli.span import Span
from turnpike.cli.wiring import House, house_here, now
from turnpike.errors import InputError, UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.cluster.interface import Watched
    from turnpike.delivery.serve import Planned
    from turnpike.documents.identifiers import ObjectId
    from turnpike.observing.observer import Observer, Told
    from turnpike.observing.publisher import Publisher

_LOOKS_AN_INTERVAL = 10
_SHORTEST = timedelta(seconds=1)
_LONGEST_PACE = timedelta(seconds=5)
_LONGEST_GAP = timedelta(seconds=10)  # publishing takes its time, too


@dataclass
class _Round:
    """What is watched: read again whenever the releases on main are other ones."""

    site: Site
    said: ObjectId | None = None
    watched: tuple[Watched, ...] = ()

    def follow(self) -> tuple[Watched, ...]:
        """Return the releases that main has now."""
        if (said := self.site.said()) != self.said:
            self.said, self.watched = said, tuple(_watched(self.site, said))
        return self.watched


@click.command()
@click.option("--environment", default="production", show_default=True, help="Whose releases.")
@click.option("--target", default="local", show_default=True, help="Target in the environment.")
@click.option("--interval", type=Span(), default="10s", show_default=True, help="Of a statement.")
@click.option("--for", "length", type=Span(), help="How long; default: until Ctrl-C or SIGTERM.")
@click.option("--once", is_flag=True, help="Look once at each model, tell, and end.")
@json_option
def command(
    environment: str,
    target: str,
    interval: timedelta,
    length: timedelta | None,
    once: bool,
    as_json: bool,
) -> None:
    """Watch what an environment's releases serve on this machine, and publish what was seen.

    Ten times an interval, and at least every five seconds, each model is asked for the predictions
    of its registered example. An interval was healthy where the server was live and ready, every
    request was answered, by the released digest, and the 95th percentile kept the promise in
    model.yaml. The observer's process signs one statement for each model and interval, about the
    released artifact; one that continues the last one takes its place. Time for which nobody
    looked, longer than ten seconds and than an interval, belongs to none. Release changes are
    judged with them: healthy time is what a soak counts.

    Where a step of the environment's rollout demands quality, each model also answers held-out
    records, and the statement says what the answers were worth.

    A line is told for each, with --json an object a line. After Ctrl-C or SIGTERM the interval
    that was begun is still published, as far as it came. Exit code 1 when a model was unhealthy
    in the last interval.
    """
    from turnpike.cli.held_out_records import HeldOutRecords
    from turnpike.cluster.local_probe import LocalProbe
    from turnpike.observing.observer import Observer
    from turnpike.observing.publisher import Publisher

    if once and length:
        raise UsageError("--once: expected it without --for, got both", solution="See --help.")
    if interval < _SHORTEST:
        raise UsageError(f"--interval: expected a second at least, got {interval}")
    site = Site(house_here(), environment, target)
    _require_target(site)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    gap = max(interval, _LONGEST_GAP)
    observer = Observer(LocalProbe(site.state, now), gap, HeldOutRecords(site).of)
    told: tuple[Told, ...] = ()
    with site.house.signer("observer") as signer:
        publisher = Publisher(signer, site.house.forge())
        for _ in _intervals(_Round(site), observer, interval, length, stopped, once):
            told = _publish(observer, publisher, as_json)
    sys.exit(1 if any(not one.interval.is_healthy for one in told) else 0)


def _intervals(
    what: _Round,
    observer: Observer,
    interval: timedelta,
    length: timedelta | None,
    stopped: threading.Event,
    once: bool,
) -> Iterator[None]:
    """Look, and yield whenever an interval is over; the last one may be shorter."""
    pace = min(interval / _LOOKS_AN_INTERVAL, _LONGEST_PACE).total_seconds()
    began = time.monotonic()
    ends = began + length.total_seconds() if length else float("inf")
    over = began + interval.total_seconds()
    progress(f"watching {what.site} every {pace:g} s")
    while True:
        observer.look(what.follow())
        is_last = once or stopped.wait(pace) or time.monotonic() >= ends
        if is_last or time.monotonic() >= over:
            yield
            what.site.house.refresh()
            over = time.monotonic() + interval.total_seconds()
        if is_last:
            return


def _require_target(site: Site) -> None:
    """A misspelt place would be watched for ever, and nothing seen there."""
    from turnpike.documents.reading import read
    from turnpike.topology.environment import ENVIRONMENT

    path = f"environments/{site.environment}/environment.yaml"
    content = site.house.host.read(site.house.main, path)
    environment = read(ENVIRONMENT, content, path) if content else None
    if environment is None or environment.target(site.target) is None:
        raise InputError(
            f"{site}: expected an environment of main and one of its targets, found none",
            code="observe.unknown-target",
            solution="Name them with --environment and --target; environments/ has them all.",
        )


def _watched(site: Site, said: ObjectId | None) -> Iterator[Watched]:
    from turnpike.cli.example_rows import example_rows
    from turnpike.cluster.interface import Watched
    from turnpike.delivery.serve import plan_serving
    from turnpike.registry.store import ArtifactStore

    store = ArtifactStore(site.house.instance.store())
    plan = plan_serving(site.files(said), site.environment, site.target)
    for skipped in plan.skipped:
        progress(f"not watched: {skipped.key}, which {skipped.reason}")
    for one in plan.planned:
        try:
            rows = tuple(example_rows(store.path_of(one.release.artifact)))
        except InputError:  # it cannot be asked, which is what will be told of it
            rows = ()
        promised = _promise(site.house, one)
        yield Watched(site.environment, site.target, one.release, promised, rows)


def _promise(house: House, planned: Planned) -> float | None:
    """Return what the manifest that was released promises, in milliseconds."""
    from turnpike.documents.reading import read
    from turnpike.manifest.model import MODEL

    blob = planned.release.manifest
    model = read(MODEL, house.host.blobs([blob])[blob], planned.key.path("release.yaml"))
    return model.slo.latency_p95_milliseconds if model.slo else None


def _publish(observer: Observer, publisher: Publisher, as_json: bool) -> tuple[Told, ...]:
    told = observer.tell()
    if not told:
        progress("nothing is released here that this machine serves")
    for one in told:
        say(json.dumps(_value(one)) if as_json else _line(one))
    sys.stdout.flush()
    if why := publisher.publish(told):
        progress(f"not published yet, will be with the next: {why}")
    return told


def _line(told: Told) -> str:
    seen, released = told.interval, told.watched.release
    state = "healthy" if seen.is_healthy else "UNHEALTHY"
    length = (told.stretch.finished_at - told.stretch.started_at).total_seconds()
    worth = "".join(f", {one.metric} {one.value:.4g}" for one in seen.quality)
    line = (
        f"{seen.finished_at:%H:%M:%S}  {told.watched.model}  {released.artifact[:19]}  {state}"
        f" for {length:.0f} s  {seen.requests - seen.errors} of {seen.requests} answered,"
        f" p95 {seen.latency_p95_milliseconds:.0f} ms{worth}"
    )
    return line if seen.is_healthy else f"{line}\n  {for_terminal(seen.fault)}"


def _value(told: Told) -> JsonValue:
    seen, released = told.interval, told.watched.release
    return {
        "model": told.watched.model,
        "environment": told.watched.environment,
        "target": told.watched.target,
        "version": released.version,
        "artifact": released.artifact,
        "healthy": seen.is_healthy,
        "fault": seen.fault,
        "errorRate": seen.errors / seen.requests,
        "latencyP95Milliseconds": seen.latency_p95_milliseconds,
        "requests": seen.requests,
        "quality": {one.metric: one.value for one in seen.quality},
        "startedAt": seen.started_at.isoformat(),
        "finishedAt": seen.finished_at.isoformat(),
        "since": told.stretch.started_at.isoformat(),
    }
