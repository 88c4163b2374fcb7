"""``turnpike observe``: watch what serves, and state what was seen in the observer's role."""

from __future__ import annotations

import json
import os
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
from turnpike.cli.secret import secret_in
from turnpike.cli.site import Site
from turnpike.cli.span import Span
from turnpike.cli.wiring import house_here, now
from turnpike.errors import UsageError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.cluster.interface import Probe, Watched
    from turnpike.documents.identifiers import ObjectId
    from turnpike.observing.observer import Observer, Told
    from turnpike.observing.publisher import Publisher
    from turnpike.topology.environment import Target

_LOOKS_AN_INTERVAL = 10
_USUAL = timedelta(seconds=10)
_USUAL_IN_CLUSTERS = timedelta(minutes=5)  # consumers must have asked in it
_SHORTEST = timedelta(seconds=1)
_LONGEST_PACE = timedelta(seconds=5)
_LONGEST_GAP = timedelta(seconds=10)  # publishing takes its time, too


_HELP = """
Watch what an environment's releases serve, and publish what was seen.

On this machine: ten times an interval, and at least every five seconds, each model is asked for the
predictions of its registered example. An interval was healthy where the server was live and ready,
every request was answered, by the released digest, and the 95th percentile kept the promise in
model.yaml. The observer's process signs one statement for each model and interval, about the
released artifact; one that continues the last one takes its place. Time for which nobody looked,
longer than ten seconds and than an interval, belongs to none. Release changes are judged with them:
healthy time is what a soak counts.

Where a step of the environment's rollout demands quality, each model also answers held-out records,
and the statement says what the answers were worth.

In a cluster (--prometheus): looks are as many, and nothing is asked of the models. An interval was
healthy where the InferenceService, and all of its pods that take requests, had the released digest
and were ready, and where consumers asked for predictions, failed no more often than model.yaml
promises, and were answered as quickly, by what the pods counted. The cluster is the kubeconfig's
context of the name that environment.yaml gives it; a token for Prometheus comes from
TURNPIKE_PROMETHEUS_TOKEN, or the file that TURNPIKE_PROMETHEUS_TOKEN_FILE names. Of time in which
either did not answer, or nobody asked for a prediction, nothing is stated.

A line is told for each, with --json an object a line. After Ctrl-C or SIGTERM the interval that was
begun is still published, as far as it came.

\b
Exit codes: 0 healthy in the last interval, 1 unhealthy in it, 2 bad usage, 3 nothing is known of
it, for a cluster or its metrics could not be read, or nobody asked.
"""


@dataclass
class _Round:
    """What is watched: read again whenever the releases on main are other ones."""

    site: Site
    asks: bool
    said: ObjectId | None = None
    watched: tuple[Watched, ...] = ()

    def follow(self) -> tuple[Watched, ...]:
        """Return the releases that main has now."""
        from turnpike.cli.watched_releases import watched_releases

        if (said := self.site.said()) != self.said:
            self.said = said
            self.watched = tuple(watched_releases(self.site, said, self.asks))
        return self.watched


@dataclass(frozen=True)
class _Cluster:
    """The cluster that is watched instead of this machine."""

    prometheus: str
    kubeconfig: str | None


@click.command(help=_HELP)
@click.option("--environment", default="production", show_default=True, help="Whose releases.")
@click.option("--target", default="local", show_default=True, help="Target in the environment.")
@click.option("--interval", type=Span(), help="Of a statement; default: 10s, in a cluster 5m.")
@click.option("--for", "length", type=Span(), help="How long; default: until Ctrl-C or SIGTERM.")
@click.option("--once", is_flag=True, help="Look once at each model, tell, and end.")
@click.option(
    "--prometheus",
    metavar="URL",
    help="Watch the target's cluster, by what this Prometheus reads of its pods.",
)
@click.option("--kubeconfig", help="File with the cluster's context; default: KUBECONFIG's.")
@json_option
def command(
    environment: str,
    target: str,
    interval: timedelta | None,
    length: timedelta | None,
    once: bool,
    prometheus: str | None,
    kubeconfig: str | None,
    as_json: bool,
) -> None:
    """Watch what an environment's releases serve, and publish what was seen."""
    from turnpike.cli.held_out_records import HeldOutRecords
    from turnpike.observing.observer import Observer
    from turnpike.observing.publisher import Publisher

    cluster = _cluster(prometheus, kubeconfig)
    interval = interval or (_USUAL_IN_CLUSTERS if cluster else _USUAL)
    _require_times(interval, length, once, cluster)
    site = Site(house_here(), environment, target)
    probe = _probe(site, site.declared(), cluster)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    held_out = HeldOutRecords(site).of
    gap = max(interval, _LONGEST_GAP)
    observer = Observer(probe, gap) if cluster else Observer(probe, gap, held_out)
    told: tuple[Told, ...] = ()
    with site.house.signer("observer") as signer:
        publisher = Publisher(signer, site.house.forge())
        what = _Round(site, asks=cluster is None)
        for _ in _intervals(what, observer, interval, length, stopped, once):
            told = _publish(observer, publisher, as_json)
    sys.exit(_code(told))


def _cluster(prometheus: str | None, kubeconfig: str | None) -> _Cluster | None:
    if prometheus is None and kubeconfig is not None:
        raise UsageError(
            "--kubeconfig: expected it beside --prometheus, got it alone",
            solution="What serves on this machine is watched without either.",
        )
    return None if prometheus is None else _Cluster(prometheus, kubeconfig)


def _require_times(
    interval: timedelta, length: timedelta | None, once: bool, cluster: _Cluster | None
) -> None:
    if once and length:
        raise UsageError("--once: expected it without --for, got both", solution="See --help.")
    if once and cluster:
        raise UsageError(
            "--once: expected it without --prometheus, got both",
            solution="Counts are compared from look to look: use --for, or look once with"
            " `turnpike delivery status`.",
        )
    if interval < _SHORTEST:
        raise UsageError(f"--interval: expected a second at least, got {interval}")


def _probe(site: Site, target: Target, cluster: _Cluster | None) -> Probe:
    from turnpike.cluster.kubernetes_probe import KubernetesProbe
    from turnpike.cluster.kubernetes_reader import KubernetesReader
    from turnpike.cluster.local_probe import LocalProbe
    from turnpike.cluster.prometheus import Prometheus

    if cluster is None:
        return LocalProbe(site.state, now)
    token = secret_in(os.environ, "TURNPIKE_PROMETHEUS_TOKEN") or ""
    metrics = Prometheus(cluster.prometheus, token)
    return KubernetesProbe(KubernetesReader(cluster.kubeconfig, target.cluster), metrics, now)


def _code(told: tuple[Told, ...]) -> int:
    """Return the exit code: what is not known weighs more than what is unhealthy."""
    if any(one.interval.unread for one in told):
        return 3
    return 1 if any(not one.interval.is_healthy for one in told) else 0


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


def _publish(observer: Observer, publisher: Publisher, as_json: bool) -> tuple[Told, ...]:
    told = observer.tell()
    if not told:
        progress("nothing is released here that is served and watched")
    for one in told:
        say(json.dumps(_value(one)) if as_json else _line(one))
    sys.stdout.flush()
    if why := publisher.publish(told):
        progress(f"not published yet, will be with the next: {why}")
    return told


def _line(told: Told) -> str:
    seen, released = told.interval, told.watched.release
    what = f"{seen.finished_at:%H:%M:%S}  {told.watched.model}  {released.artifact[:19]}"
    if seen.unread:
        return f"{what}  NOT KNOWN\n  {for_terminal(seen.unread)}"
    state = "healthy" if seen.is_healthy else "UNHEALTHY"
    length = (told.stretch.finished_at - told.stretch.started_at).total_seconds()
    worth = "".join(f", {one.metric} {one.value:.4g}" for one in seen.quality)
    line = (
        f"{what}  {state} for {length:.0f} s"
        f"  {seen.requests - seen.errors} of {seen.requests} answered,"
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
        "unread": seen.unread,
        "errorRate": seen.error_rate,
        "latencyP95Milliseconds": seen.latency_p95_milliseconds,
        "requests": seen.requests,
        "quality": {one.metric: one.value for one in seen.quality},
        "startedAt": seen.started_at.isoformat(),
        "finishedAt": seen.finished_at.isoformat(),
        "since": told.stretch.started_at.isoformat(),
    }
