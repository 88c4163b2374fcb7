"""Which aliases the registry should have: for each environment the version that it serves. Pure.

An alias follows main and decides nothing: releases name digests. It is for people, who find in the
registry what serves, and stop finding it once it was retired.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from turnpike.documents.identifiers import Digest
from turnpike.rendering.deployment import Deployment
from turnpike.topology.rollout import WHOLE

Aliases = Mapping[str, Mapping[str, str]]
"""The name of a registered model to alias to version."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The version of a registered model that an environment serves wherever it serves the model."""

    name: str
    environment: str
    version: str
    digest: Digest


@dataclass(frozen=True, slots=True, order=True)
class AliasChange:
    """One alias of a registered model: the version that it names now, and the one that it should.

    None where there is, or should be, no such alias.
    """

    name: str
    alias: str
    before: str | None
    after: str | None


def serving_of(deployments: Iterable[Deployment]) -> Iterator[Serving]:
    """Yield what each environment serves of each registered model, where that is one version.

    While a rollout has it serve two, or its targets serve different ones, it serves none as a
    whole.
    """
    served: dict[tuple[str, str], set[Serving | None]] = defaultdict(set)
    for one in deployments:
        artifact = one.model.artifact
        if artifact is None:
            continue
        place = (artifact.registry_model, one.environment.name)
        whole = one.release.traffic == WHOLE
        served[place].add(Serving(*place, artifact.version, artifact.digest) if whole else None)
    for found in served.values():
        (one_version, *others) = found
        if one_version is not None and not others:
            yield one_version


def alias_changes(
    serving: Iterable[Serving], present: Aliases, environments: Iterable[str]
) -> tuple[AliasChange, ...]:
    """Return what makes the aliases those of main.

    Only aliases that are an environment's name are Turnpike's; all others stay as they are.
    """
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for one in serving:
        wanted[one.name][one.environment] = one.version
    changes = (
        AliasChange(name, alias, present.get(name, {}).get(alias), wanted.get(name, {}).get(alias))
        for name in wanted.keys() | present.keys()
        for alias in environments
    )
    return tuple(sorted(one for one in changes if one.before != one.after))
