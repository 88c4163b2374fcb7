"""Looks at what a cluster serves: what runs by its API server, how it answers by its metrics.

Nothing is asked of the model itself, for a cluster lets in nobody but its gateway: what counts is
how its consumers' requests fared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from turnpike.cluster.interface import Look, MetricsSource, ObjectReader, Watched
from turnpike.cluster.objects_seen import Pod
from turnpike.cluster.open_inference import Scalar
from turnpike.cluster.serving_seen import Serving, fault_of, stands_of
from turnpike.cluster.table_request import Row
from turnpike.cluster.tally import Scraped, Tally
from turnpike.errors import CannotDecide, Unavailable

FRESH = timedelta(seconds=90)
"""How old what is known of a pod's requests may be: three times the interval of ServiceMonitors."""


@dataclass(frozen=True, slots=True)
class KubernetesProbe:
    """A probe of one cluster, which is read only."""

    reader: ObjectReader
    metrics: MetricsSource
    clock: Callable[[], datetime]

    def look(self, watched: Watched) -> Look:
        """Look once: what stands, by digest; is it ready; and what have its pods counted?"""
        started_at = self.clock()
        fault, unread = "", ""
        tally: Tally = {}  # nobody's requests are told of
        try:
            serving = self._serving(watched)
            fault = fault_of(watched, serving)
            if not fault:
                tally = self._tally(watched, serving.of(watched))
        except CannotDecide as error:
            unread = error.message
        return Look(started_at, self.clock(), 0.0, fault, unread, tally)

    def answers(self, watched: Watched, rows: Sequence[Row]) -> tuple[Scalar, ...]:  # noqa: ARG002 - Probe's
        """Return nothing: whoever observes a cluster sends no requests of their own."""
        return ()

    def _serving(self, watched: Watched) -> Serving:
        team, model = watched.release.team, watched.release.model
        namespace = _namespace(watched)
        labels = {"turnpike.dev/team": team, "turnpike.dev/model": model}
        try:
            return stands_of(
                self.reader.find("InferenceService", namespace, model),
                self.reader.all_of("Pod", namespace, labels),
            )
        except ValidationError as error:
            raise Unavailable(
                f"expected objects as Kubernetes and KServe write them, got: {error}",
                code="cluster.unreadable",
            ) from error

    def _tally(self, watched: Watched, pods: Iterable[Pod]) -> Tally:
        """Return what the pods have counted; raises Unavailable where that of one is not known."""
        scraped = self.metrics.scraped(_namespace(watched), watched.release.model)
        names = [pod.metadata.name for pod in pods if not self._is_new(pod, scraped)]
        for name in names:
            if name not in scraped or scraped[name].age_seconds > FRESH.total_seconds():
                raise _unread(name, scraped)
        if not names:
            raise _unread("", scraped)
        return {name: scraped[name].counted for name in names}

    def _is_new(self, pod: Pod, scraped: Mapping[str, Scraped]) -> bool:
        """Tell whether a pod has not been read yet, for it is ready only since a moment."""
        since = pod.ready.last_transition_time if pod.ready else None
        is_young = since is not None and self.clock() - since < FRESH
        return is_young and pod.metadata.name not in scraped


def _namespace(watched: Watched) -> str:
    return f"{watched.environment}-{watched.release.team}"


def _unread(pod: str, scraped: Mapping[str, Scraped]) -> Unavailable:
    found = f"one {scraped[pod].age_seconds:.0f} s old" if pod in scraped else "none"
    return Unavailable(
        f"expected counts of {f'pod {pod}' if pod else 'any pod'} that are at most"
        f" {FRESH.total_seconds():.0f} s old, found {found}",
        code="metrics.stale",
        solution="See in Prometheus' targets whether it reads the pods by their ServiceMonitor.",
    )
