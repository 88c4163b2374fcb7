"""Clusters that somebody gives the story by name, instead of those that it starts itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from turnpike.cli.story.cast import OTHERS
from turnpike.errors import InputError
from turnpike.installation.set_up import set_up
from turnpike.loopback.footprint import footprint_of
from turnpike.loopback.given import GivenCluster, Met, look_at, meet
from turnpike.loopback.kubeconfig import context_named, files_of

SAMPLE = OTHERS[0]
SHARED, PRODUCTION = "shared", "production"
CLUSTERS = {SHARED: ("dev-local", "staging-local"), PRODUCTION: ("production-local",)}
"""Which names environments give to the two clusters; Argo CD is beside the first."""

_ADMISSION = Path("platform", "argocd", "admission")


@dataclass(frozen=True, slots=True)
class Borrowed:
    """Which clusters are given: the name of each one's context, and the kubeconfig's files."""

    names: Mapping[str, str]
    files: str

    @classmethod
    def of(cls, words: Sequence[str], environ: Mapping[str, str], folder: Path) -> Self:
        """Read what ``--context`` was given; raises InputError where two are for one cluster."""
        names: dict[str, str] = {}
        for word in words:
            before, _, after = word.partition("=")
            role, name = (before, after) if before in CLUSTERS else (PRODUCTION, word)
            if role in names or not name:
                raise InputError(
                    f"--context {word}: expected one context for {role}, got"
                    f" {f'{names[role]} as well' if role in names else 'no name'}",
                    code="cluster.context",
                    solution=f"Say --context {PRODUCTION}=NAME, and --context {SHARED}=NAME.",
                )
            names[role] = name
        return cls(names, files_of(environ, folder))

    def look(self, folder: Path, product: Path) -> dict[str, GivenCluster]:
        """Look at each of them without writing anything there.

        ``folder`` is one of ours, for credentials and what the clusters serve. Raises InputError
        for a cluster that cannot be used, Unavailable for one that does not answer.
        """
        met = {
            role: meet(context_named(name, self.files, folder / role), folder / role)
            for role, name in sorted(self.names.items())
        }
        _require_two(met)
        programs, team = set_up("cluster"), SAMPLE.key.split("/")[0]
        found = {}
        for role, one in met.items():
            environments = [name.removesuffix("-local") for name in CLUSTERS[role]]
            footprint = footprint_of(
                programs, product / _ADMISSION, team, environments, hosts_argocd=role == SHARED
            )
            found[role] = look_at(one, footprint)
        return found


def _require_two(met: Mapping[str, Met]) -> None:
    if len({one.uid for one in met.values()}) < len(met):
        both = " and ".join(one.context.name for one in met.values())
        raise InputError(
            f"--context: expected two clusters, got {both}, which are one",
            code="cluster.context",
            solution="Give one of them; the other is started.",
        )
