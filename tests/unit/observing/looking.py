"""Looks and releases for the tests of the observer: seconds after a start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from turnpike.cluster.interface import Look, Watched
from turnpike.cluster.tally import Counted
from turnpike.documents.identifiers import Digest, digest_of
from unit.judge.deployed import RELEASE

START = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(seconds: float) -> datetime:
    return START + seconds * SECOND


def look(begins: float, ends: float | None = None, fault: str = "", answered: float = 0.01) -> Look:
    """Return a look that takes a tenth of a second unless said otherwise."""
    return Look(at(begins), at(begins + 0.1 if ends is None else ends), answered, fault)


def counting(begins: float, requests: int, errors: int = 0, seconds: float = 0.1) -> Look:
    """Return a look at a pod that has counted so many answers within so many seconds by then."""
    tally = {"one": Counted(requests, errors, {seconds: requests, float("inf"): requests})}
    return Look(at(begins), at(begins + 0.1), 0.0, "", "", tally)


def unread(begins: float, why: str = "away") -> Look:
    """Return a look at a cluster that did not answer."""
    return Look(at(begins), at(begins + 0.1), 0.0, "", why, {})


def watched(artifact: Digest | None = None, promised: float | None = None) -> Watched:
    """Return the example's release in staging/local, of another artifact where one is named."""
    other = {"artifact": artifact or digest_of(b"artifact")}
    return Watched("staging", "local", RELEASE.model_copy(update=other), promised)
