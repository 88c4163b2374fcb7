"""What every cluster does: take the whole wanted set, and say what it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from pydantic import JsonValue

from turnpike.cluster.open_inference import Scalar
from turnpike.cluster.table_request import Row
from turnpike.cluster.tally import Scraped, Tally
from turnpike.documents.identifiers import Digest
from turnpike.manifest.release import Release


def served_name(team: str, model: str, *, candidate: bool = False) -> str:
    """Return the name under which a model is asked for; no two models have the same.

    A candidate of a rollout is asked under a name of its own: consumers do not know it.
    """
    return f"{team}.{model}.candidate" if candidate else f"{team}.{model}"


@dataclass(frozen=True, slots=True)
class Deployment:
    """An artifact to be served: ``folder`` holds its verified bytes, and nothing else."""

    team: str
    model: str
    environment: str
    target: str
    artifact: Digest
    version: str
    folder: Path
    candidate: bool = False

    @property
    def name(self) -> str:
        """Return the name under which it is served."""
        return served_name(self.team, self.model, candidate=self.candidate)


@dataclass(frozen=True, slots=True)
class Running:
    """An artifact that a server says it serves; ``endpoint`` is the server's base address."""

    team: str
    model: str
    environment: str
    target: str
    artifact: Digest
    version: str
    endpoint: str
    candidate: bool = False

    @property
    def name(self) -> str:
        """Return the name under which it is served."""
        return served_name(self.team, self.model, candidate=self.candidate)


class Cluster(Protocol):
    """Something that serves deployments; every method raises Unavailable where it cannot."""

    def apply(self, deployments: tuple[Deployment, ...]) -> None:
        """Serve exactly these and nothing else; returns once all of them answer."""

    def running(self) -> tuple[Running, ...]:
        """Return what is served now, as the server itself tells it, sorted by name."""

    def stop(self) -> None:
        """Serve nothing any more; stopping a second time does nothing."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A release that must be seen serving where it stands, and what it is asked for.

    ``promised_milliseconds`` is its promise for the 95th percentile; None where it gives none.
    ``tolerated_errors`` is which share of the requests may fail, ``beside`` the artifact that it
    shares the traffic with; empty where it has all of it.
    """

    environment: str
    target: str
    release: Release
    promised_milliseconds: float | None = None
    rows: tuple[Row, ...] = field(default=(), compare=False)
    tolerated_errors: float = 0.0
    beside: str = ""

    @property
    def model(self) -> str:
        """Return ``team/model``."""
        return f"{self.release.team}/{self.release.model}"

    @property
    def name(self) -> str:
        """Return the name under which it is asked for."""
        is_candidate = self.release.rest is not None
        return served_name(self.release.team, self.release.model, candidate=is_candidate)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a deployment: when, how long its prediction took, and what was wrong.

    ``fault`` is empty where it answered, was ready, and was the released artifact. ``unread`` says
    why nobody could look, which is neither well nor ill. ``tally`` is what its pods had counted of
    their consumers' requests by then; None where the look itself was the request.
    """

    started_at: datetime
    finished_at: datetime
    seconds: float
    fault: str
    unread: str = ""
    tally: Tally | None = None


class Probe(Protocol):
    """Something that looks at what a cluster serves, from outside, as its consumers do."""

    def look(self, watched: Watched) -> Look:
        """Look once; raises nothing for what is wrong out there, and may be asked in parallel."""

    def answers(self, watched: Watched, rows: Sequence[Row]) -> tuple[Scalar, ...]:
        """Return what the released artifact answers to rows; nothing where anything is wrong."""


class ObjectReader(Protocol):
    """A cluster's objects; raises Unavailable or CannotDecide where they cannot be read."""

    def find(self, kind: Literal["InferenceService"], namespace: str, name: str) -> JsonValue:
        """Return an object as the server has it; None where it has none of that name."""

    def all_of(
        self, kind: Literal["Pod"], namespace: str, labels: Mapping[str, str]
    ) -> list[JsonValue]:
        """Return a namespace's objects of a kind that have all the labels."""


class MetricsSource(Protocol):
    """Something that asks the pods of models, again and again, what they have counted."""

    def scraped(self, namespace: str, model: str) -> Mapping[str, Scraped]:
        """Return by pod what was last read of it; raises CannotDecide where that is not known.

        A pod whose last reading failed is left out.
        """
