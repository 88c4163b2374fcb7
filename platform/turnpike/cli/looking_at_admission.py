"""Looks of ``turnpike delivery admission`` at an environment's clusters, and how they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.cli.clone import Monorepo
from turnpike.cli.delivering import gap_lines, gap_value, places_on
from turnpike.cluster.kubernetes_reader import KubernetesReader
from turnpike.delivery.admission_gaps import admission_gaps, admission_in, admission_on
from turnpike.delivery.gap import Gap
from turnpike.errors import CannotDecide, InputError


@dataclass(frozen=True, slots=True)
class Admitting:
    """How a target's admission stands; ``unread`` says why it could not be looked at."""

    environment: str
    target: str
    cluster: str
    gaps: tuple[Gap, ...]
    unread: str = ""


def look_at_admission(
    monorepo: Monorepo, environment: str, targets: tuple[str, ...], kubeconfig: str | None,
    known: frozenset[str],
) -> tuple[Admitting, ...]:  # fmt: skip
    """Compare the admission of an environment's clusters with main's.

    Raises InputError for an environment or a target that main does not have.
    """
    found, names = places_on(monorepo, environment, targets)
    wanted = admission_on(monorepo.host, monorepo.main)
    seen = []
    for target in found.targets:
        if target.name not in names:
            continue
        gaps: tuple[Gap, ...] = ()
        unread = ""
        try:
            there = admission_in(KubernetesReader(kubeconfig, target.cluster), environment)
            gaps = admission_gaps(wanted, there, known)
        except (CannotDecide, InputError) as error:  # it keeps nobody from the others
            unread = error.message
        seen.append(Admitting(environment, target.name, target.cluster, gaps, unread))
    return tuple(seen)


def admission_lines(seen: Sequence[Admitting]) -> Iterator[str]:
    """Yield what people read."""
    for one in seen:
        word = "could not be read" if one.unread else "differs" if one.gaps else "as main has it"
        yield f"{one.environment}/{one.target}  {word}"
        yield from gap_lines(one.gaps, one.unread)


def admission_value(seen: Sequence[Admitting]) -> JsonValue:
    """Return what machines read."""
    return [
        {
            "environment": one.environment,
            "target": one.target,
            "cluster": one.cluster,
            "inStep": not (one.gaps or one.unread),
            "gaps": [gap_value(gap) for gap in one.gaps],
            "unread": one.unread or None,
        }
        for one in seen
    ]
