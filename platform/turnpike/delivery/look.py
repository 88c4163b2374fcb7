"""One look at a model in an environment's targets: is what runs what main released?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from turnpike.cluster.objects_seen import Application, ApplicationStatus
from turnpike.delivery.application_gaps import application_gaps, revisions_of
from turnpike.delivery.cluster_gaps import cluster_gaps
from turnpike.delivery.gap import Gap
from turnpike.delivery.snapshot import Reader, application_in, snapshot_in
from turnpike.delivery.sync_window_gaps import Times, held_back, otherwise_timed
from turnpike.delivery.wanted import Wanted, standing_of_revision
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, InputError
from turnpike.git.repository import Repository

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Clusters:
    """Where Argo CD keeps its Applications, and how a cluster is reached by its name."""

    argocd: Reader
    namespace: str
    open: Callable[[str], Reader]


@dataclass(frozen=True, slots=True)
class Seen:
    """How a deployment stands; ``unread`` says why a part of it could not be looked at."""

    wanted: Wanted
    application: ApplicationStatus | None
    gaps: tuple[Gap, ...]
    unread: str = ""

    @property
    def is_in_step(self) -> bool:
        """Tell whether everything was looked at and is as main has it."""
        return not self.gaps and not self.unread


def look(
    repository: Repository, main: ObjectId, wanted: Iterable[Wanted], clusters: Clusters
) -> tuple[Seen, ...]:
    """Look at deployments, several at once; where nothing was ever released is left out.

    Raises InputError, Unavailable or CannotDecide where Argo CD's own objects cannot be read.
    """
    found = [(one, application_in(clusters.argocd, clusters.namespace, one)) for one in wanted]
    shown = [(one, application) for one, application in found if one.ever or application]
    gaps = [_of_argocd(repository, main, *pair) for pair in shown]  # one Git process: in turn
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        jobs = [pool.submit(_cluster, *pair, clusters) for pair in shown]
        rest = [job.result() for job in jobs]
    return tuple(
        Seen(one, application.status if application else None, (*first, *second), unread)
        for (one, application), first, (second, unread) in zip(shown, gaps, rest, strict=True)
    )


def with_times(seen: Iterable[Seen], times: Times | None, clusters: Clusters) -> tuple[Seen, ...]:
    """Add to what was seen where Argo CD waits for a sync window, or has others than main.

    Without times nothing is asked. Raises what ``look`` raises.
    """
    if times is None:
        return tuple(seen)
    differing = tuple(otherwise_timed(times, clusters.argocd, clusters.namespace))
    return tuple(
        replace(one, gaps=(*one.gaps, *held_back(times, one.wanted.key, one.gaps), *differing))
        for one in seen
    )


def _of_argocd(
    repository: Repository, main: ObjectId, wanted: Wanted, application: Application | None
) -> tuple[Gap, ...]:
    standings = {
        revision: standing_of_revision(repository, main, revision, wanted.key.folder)
        for revision in revisions_of(application)
    }
    return application_gaps(wanted, application, standings)


def _cluster(
    wanted: Wanted, application: Application | None, clusters: Clusters
) -> tuple[tuple[Gap, ...], str]:
    """Look into one cluster; one that does not answer keeps nobody from the others."""
    try:
        snapshot = snapshot_in(clusters.open(wanted.cluster), wanted, application)
    except (CannotDecide, InputError) as error:
        return (), error.message
    return cluster_gaps(wanted, snapshot), ""
