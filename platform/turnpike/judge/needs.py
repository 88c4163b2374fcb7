"""What approvals a change of a class needs, by what one arrangement says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from turnpike.approvals.required import Need, owners_needed
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.decision import ChangeClass
from turnpike.judge.layout import deployment_of

DERIVED_CLASSES: frozenset[ChangeClass] = frozenset(("release", "render"))
"""Judged by their derivation, so their environment's own groups approve them."""

PLATFORM_CLASSES: frozenset[ChangeClass] = frozenset(
    ("policy", "organisation", "platform", "environment", "waiver", "terraform", "none")
)
"""Not without the platform owners, whatever CODEOWNERS says."""


def needs_on(
    arrangement: Arrangement, change_class: ChangeClass, paths: Iterable[str]
) -> Iterator[Need]:
    """Yield the needs of a change of these paths: owners or environments, and the platform's."""
    organisation = arrangement.organisation
    if change_class in {"stop", "settlement"}:
        return  # who must speak follows from what the change does: judge/stops, judge/emergencies
    if change_class in DERIVED_CLASSES:
        yield from _environment_needs(arrangement, paths)
    else:
        yield from owners_needed(arrangement.codeowners, organisation, paths, "main")
    if change_class in PLATFORM_CLASSES:
        reason = f"a change of class {change_class} needs the platform owners"
        yield Need((organisation.roles.platform_owners,), 1, reason)
    if change_class == "waiver":
        yield Need((organisation.roles.risk,), 1, "a waiver needs the risk group")


def _environment_needs(arrangement: Arrangement, paths: Iterable[str]) -> Iterator[Need]:
    touched = {key.environment for path in paths if (key := deployment_of(path))}
    for name in sorted(touched):
        environment = arrangement.environments.get(name)
        for approval in environment.approvals if environment else ():
            reason = f"environments/{name}/environment.yaml: approvals"
            yield Need((approval.group,), approval.count, reason)
