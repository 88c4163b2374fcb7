"""Whether the targets of an environment are what their clouds ask for; each misfit has a line."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.errors import Problem
from turnpike.topology.clouds import Capability, CloudKind, Clouds, names_of
from turnpike.topology.environment import Environment, Target


def target_problems(environment: Environment, clouds: Clouds | None) -> tuple[Problem, ...]:
    """Return what the targets of an environment are not: known, resident, or fully described."""
    file = f"environments/{environment.name}/environment.yaml"
    return tuple(
        Problem(file, 0, f"targets.{number}.{field}", expected, actual)
        for number, target in enumerate(environment.targets)
        for field, expected, actual in _of_target(target, clouds)
    )


def _of_target(target: Target, clouds: Clouds | None) -> Iterator[tuple[str, str, str]]:
    """Yield field, what was expected, and what was found."""
    names = names_of(clouds)
    if target.cloud not in names:
        yield "cloud", f"one of {', '.join(names)}", target.cloud
    cloud = clouds.cloud(target.cloud) if clouds else None
    if cloud is not None:
        yield from _of_region(target, cloud)
        yield from _of_storage(target, cloud)
        for capability in cloud.requires:
            if not _has(target, capability):
                yield capability, f"what every target of {cloud.name} has", "nothing"


def _of_region(target: Target, cloud: CloudKind) -> Iterator[tuple[str, str, str]]:
    residency = cloud.regions.get(target.region)
    if residency is None:
        regions = ", ".join(sorted(cloud.regions))
        yield "region", f"a region of {cloud.name}: {regions}", target.region
    elif residency != target.residency:
        yield "residency", f"{residency}, where {target.region} lies", target.residency


def _of_storage(target: Target, cloud: CloudKind) -> Iterator[tuple[str, str, str]]:
    if target.storage.partition("://")[0] not in cloud.storage:
        wanted = ", ".join(f"{scheme}://" for scheme in cloud.storage)
        yield "storage", f"a store of {cloud.name}: {wanted}", target.storage


def _has(target: Target, capability: Capability) -> bool:
    found = {
        "identity": target.identity is not None,
        "egress": bool(target.network.egress),
        "nodeSelector": bool(target.node_selector),
        "accelerators": bool(target.accelerators),
    }
    return found[capability]
