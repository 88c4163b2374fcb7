"""What a rehearsed recall came to: for each place, how long it went on releasing what is bad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.documents.identifiers import Digest
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.release import Release
from turnpike.promotion.recall import BlastRadius


@dataclass(frozen=True, slots=True)
class Carried:
    """One change of a rehearsal: what it was called, and what became of it.

    ``approvals`` are the words that it needed, ``codes`` what stood against it once it had them;
    empty where it was merged. ``seconds`` is when that was, from the rehearsal's beginning.
    """

    title: str
    number: int
    approvals: tuple[str, ...]
    codes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Cleared:
    """A place that released something bad; ``seconds`` until it did no more, None: it still does.

    ``by`` is the number of the change that cleared it.
    """

    key: DeploymentKey
    artifact: Digest
    seconds: float | None
    by: int | None


def cleared_by(
    radius: BlastRadius, steps: Iterable[tuple[Carried, Mapping[str, Release]]]
) -> tuple[Cleared, ...]:
    """Return when each place was clear; after each change stand these releases, by path.

    A place is clear once nothing that the suspect reached there is released at it.
    """
    done = tuple(steps)
    found = []
    for one in radius.deployments:
        bad, path = one.bad, one.key.path("release.yaml")
        clear = (carried for carried, stands in done if not _serves(stands.get(path), bad))
        first = next(clear, None)
        seconds, number = (first.seconds, first.number) if first else (None, None)
        found.append(Cleared(one.key, one.release.artifact, seconds, number))
    return tuple(found)


def _serves(release: Release | None, bad: frozenset[Digest]) -> bool:
    return release is not None and any(artifact in bad for artifact, _ in release.served)


def rehearsal_value(steps: Iterable[Carried], places: Iterable[Cleared]) -> dict[str, JsonValue]:
    """Return a rehearsal as plain JSON values; ``seconds`` is until the last place was clear."""
    all_places = tuple(places)
    ends = [one.seconds for one in all_places]
    known = [end for end in ends if end is not None]
    return {
        "seconds": max(known, default=0.0) if len(known) == len(ends) else None,
        "changes": [
            {
                "title": one.title,
                "approvals": list(one.approvals),
                "merged": not one.codes,
                "codes": list(one.codes),
                "seconds": one.seconds,
            }
            for one in steps
        ],
        "deployments": [
            {"deployment": str(one.key), "artifact": one.artifact, "seconds": one.seconds}
            for one in all_places
        ],
    }
