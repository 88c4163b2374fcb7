"""Who may do what, all of it read from Git: owners, environments, offices, access to programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from turnpike.approvals.dialects import parsed
from turnpike.approvals.owners import members_of, owner_in
from turnpike.approvals.required import Need
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.layout import ORGANISATION_PATH, class_of
from turnpike.judge.needs import PLATFORM_CLASSES, needs_on

Action: TypeAlias = Literal[
    "approve", "approve-release", "approve-high-risk", "approve-platform", "stop", "lift-stop",
    "command-emergency", "settle-emergency", "view", "operate", "administer", "call",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)

_CONSOLE: dict[str, tuple[Action, ...]] = {
    "viewer": ("view",),
    "operator": ("view", "operate"),
    "administrator": ("view", "operate", "administer"),
    "caller": ("call",),
}


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """That ``count`` people of any of the groups together may do something; where it is said."""

    action: Action
    about: str
    groups: tuple[str, ...]
    count: int
    people: tuple[str, ...]
    source: str


def grants_of(arrangement: Arrangement) -> tuple[Grant, ...]:
    """Return every grant, in the order of the actions."""
    found = (
        *_of_owners(arrangement),
        *_of_environments(arrangement),
        *_of_offices(arrangement),
        *_of_access(arrangement),
    )
    return tuple(sorted(found, key=lambda one: (ACTIONS.index(one.action), one.about, one.groups)))


def grants_on(arrangement: Arrangement, path: str) -> tuple[Grant, ...]:
    """Return who must approve a change of one path, each need a grant of its own."""
    needs = needs_on(arrangement, class_of(path, frozenset((path,))), (path,))
    return tuple(_grant(arrangement, "approve", path, need) for need in needs)


def grants_to(grants: Iterable[Grant], person: str) -> tuple[Grant, ...]:
    """Return what one person may do, alone or with others."""
    return tuple(grant for grant in grants if person in grant.people)


def _of_owners(arrangement: Arrangement) -> Iterator[Grant]:
    organisation = arrangement.organisation
    dialect = organisation.codeowners_dialect
    for rule in parsed(dialect, arrangement.codeowners).rules:
        named = {owner_in(organisation, dialect, owner) for owner in rule.owners}
        groups = tuple(sorted(name for name in named if name))
        source = f"{arrangement.codeowners_path} line {rule.line}"
        if rule.owners:
            need = Need(groups, rule.required, source)
            yield _grant(arrangement, "approve", rule.pattern, need)


def _of_environments(arrangement: Arrangement) -> Iterator[Grant]:
    for name, environment in sorted(arrangement.environments.items()):
        for approval in environment.approvals:
            source = f"environments/{name}/environment.yaml: approvals"
            need = Need((approval.group,), approval.count, source)
            yield _grant(arrangement, "approve-release", name, need)


def _of_offices(arrangement: Arrangement) -> Iterator[Grant]:
    roles, glass = arrangement.organisation.roles, arrangement.organisation.break_glass
    on_call = roles.on_call or roles.platform_owners
    platform = ", ".join(sorted(PLATFORM_CLASSES - {"none"}))
    reviewers = tuple(sorted({roles.release_managers, roles.risk, roles.platform_owners}))
    offices: list[tuple[Action, str, tuple[str, ...], int, str]] = [
        ("approve-high-risk", "models of tier high, waivers", (roles.risk,), 1, "risk"),
        ("approve-platform", platform, (roles.platform_owners,), 1, "platformOwners"),
        ("stop", "the line", (on_call,), 1, "onCall"),
        ("lift-stop", "the line", (on_call,), 2, "onCall"),
        ("settle-emergency", "debts", reviewers, 2, "releaseManagers, risk, platformOwners"),
    ]
    for action, about, groups, count, role in offices:
        source = f"{ORGANISATION_PATH}: roles.{role}"
        yield _grant(arrangement, action, about, Need(groups, count, source))
    if glass is not None:
        source = f"{ORGANISATION_PATH}: breakGlass.commanders"
        need = Need((glass.commanders,), 1, source)
        yield _grant(arrangement, "command-emergency", "an environment's approvals", need)


def _of_access(arrangement: Arrangement) -> Iterator[Grant]:
    for number, entry in enumerate(arrangement.organisation.access):
        places = ", ".join(entry.environments) or "every environment"
        program = "Argo CD" if entry.looks else "models through the gateway"
        about = f"{program}: {places}, {', '.join(entry.teams) or 'every team'}"
        need = Need((entry.group,), 1, f"{ORGANISATION_PATH}: access.{number}")
        for action in _CONSOLE[entry.role]:
            yield _grant(arrangement, action, about, need)


def _grant(arrangement: Arrangement, action: Action, about: str, need: Need) -> Grant:
    organisation = arrangement.organisation
    people = {person for group in need.groups for person in members_of(organisation, group)}
    return Grant(action, about, need.groups, need.count, tuple(sorted(people)), need.reason)
