"""What a rehearsed recall came to: how long each place went on with what is bad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from turnpike.documents.identifiers import Digest
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.release import Release
from turnpike.promotion.recall import BlastRadius, ReachedDeployment


@dataclass(frozen=True, slots=True)
class Carried:
    """One change of a rehearsal: what it was called, and what became of it.

    ``approvals`` are the words that it needed, ``codes`` what stood against it once it had them,
    and ``solutions`` what to do about that; empty where it was merged. ``seconds`` is when that
    was, from the rehearsal's beginning.
    """

    title: str
    number: int
    approvals: tuple[str, ...]
    codes: tuple[str, ...]
    seconds: float
    solutions: tuple[str, ...] = ()


SiteKey = tuple[str, str]
"""An environment and a target in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change that was carried out, and what there was after it.

    ``releases`` are all of main's, by path. ``serving`` is what the server of each site still
    served when it was looked at, ``looked`` seconds from the rehearsal's beginning; a site that has
    no server is not in it.
    """

    carried: Carried
    releases: Mapping[str, Release]
    serving: Mapping[SiteKey, frozenset[Digest]] = field(default_factory=dict)
    looked: float = 0.0


@dataclass(frozen=True, slots=True)
class Cleared:
    """A place that released something bad; ``seconds`` until it did no more, None: it still does.

    ``by`` is the number of the change that cleared it. ``unserved`` is the seconds until its server
    served nothing bad any more: None where it has none, or where that ``still_serves``.
    """

    key: DeploymentKey
    artifact: Digest
    seconds: float | None
    by: int | None
    unserved: float | None = None
    still_serves: bool = False


def cleared_by(radius: BlastRadius, steps: Iterable[Step]) -> tuple[Cleared, ...]:
    """Return when each place was clear.

    A place is clear once nothing that the suspect reached there is released at it.
    """
    done = tuple(steps)
    return tuple(_cleared(one, done) for one in radius.deployments)


def _cleared(one: ReachedDeployment, steps: tuple[Step, ...]) -> Cleared:
    path, site = one.key.path("release.yaml"), (one.key.environment, one.key.target)
    clear = (step.carried for step in steps if not _releases(step.releases.get(path), one.bad))
    seen = [(step.looked, step.serving[site]) for step in steps if site in step.serving]
    unserved = next((looked for looked, served in seen if not served & one.bad), None)
    first = next(clear, None)
    seconds, number = (first.seconds, first.number) if first else (None, None)
    still_serves = bool(seen) and unserved is None
    return Cleared(one.key, one.release.artifact, seconds, number, unserved, still_serves)


def _releases(release: Release | None, bad: frozenset[Digest]) -> bool:
    return release is not None and any(artifact in bad for artifact, _ in release.served)


def rehearsal_value(steps: Iterable[Carried], places: Iterable[Cleared]) -> dict[str, JsonValue]:
    """Return a rehearsal as plain JSON values.

    ``seconds`` is until the last place was clear, ``unserved`` until no server served anything bad.
    """
    all_places = tuple(places)
    watched = [one.unserved for one in all_places if one.still_serves or one.unserved is not None]
    return {
        "seconds": _last(one.seconds for one in all_places),
        "unserved": _last(watched) if watched else None,
        "changes": [
            {
                "title": one.title,
                "approvals": list(one.approvals),
                "merged": not one.codes,
                "codes": list(one.codes),
                "solutions": list(one.solutions),
                "seconds": one.seconds,
            }
            for one in steps
        ],
        "deployments": [
            {
                "deployment": str(one.key),
                "artifact": one.artifact,
                "seconds": one.seconds,
                "unserved": one.unserved,
            }
            for one in all_places
        ],
    }


def _last(ends: Iterable[float | None]) -> float | None:
    """Return the last of some ends; None where one has not come."""
    found = tuple(ends)
    known = [end for end in found if end is not None]
    return max(known, default=0.0) if len(known) == len(found) else None
