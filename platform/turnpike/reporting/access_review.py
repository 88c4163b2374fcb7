"""An access review: everybody with what they may do, and what an auditor would ask about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from turnpike.judge.access import Grant, grants_of, grants_to
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.segregation import Path, shortest_paths, unfillable
from turnpike.topology.key import Key
from turnpike.topology.organisation import Organisation, Person
from turnpike.topology.stop import Stop

_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PersonReview:
    """One person: groups, what they may do, and the ways to production that they are part of."""

    person: Person
    groups: tuple[str, ...]
    grants: tuple[Grant, ...]
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class AccessReview:
    """Who may do what at one moment, by one state of Git; ``notices`` ask for somebody's eye."""

    organisation: Organisation
    at: datetime
    people: tuple[PersonReview, ...]
    grants: tuple[Grant, ...]
    keys: tuple[Key, ...]
    stops: tuple[Stop, ...]
    notices: tuple[str, ...]


def review_of(
    arrangement: Arrangement, keys: Sequence[Key], stops: Sequence[Stop], at: datetime
) -> AccessReview:
    """Return the review of what an arrangement, the roles' keys and the stops say."""
    organisation = arrangement.organisation
    grants, paths = grants_of(arrangement), shortest_paths(arrangement)
    people = tuple(_of_person(one, organisation, grants, paths) for one in organisation.people)
    notices = (
        *_of_people(people),
        *_of_groups(organisation, grants),
        *(f"too few could meet {n.count} of {n.name}: {n.reason}" for n in unfillable(arrangement)),
        *(_alone(path) for path in paths if len(path.people) == 1),
        *_of_keys(keys, at),
    )
    return AccessReview(organisation, at, people, grants, tuple(keys), tuple(stops), notices)


def _of_person(
    person: Person, organisation: Organisation, grants: Sequence[Grant], paths: Sequence[Path]
) -> PersonReview:
    groups = tuple(group.name for group in organisation.groups if person.id in group.members)
    own = tuple(path for path in paths if person.id in path.people)
    return PersonReview(person, groups, grants_to(grants, person.id), own)


def _alone(path: Path) -> str:
    return f"{path.people[0]} could bring a change of their own into {path.environment} alone"


def _of_people(people: Sequence[PersonReview]) -> Iterator[str]:
    for one in people:
        if not one.groups:
            yield f"{one.person.id} belongs to no group"
        if not one.person.accounts:
            yield f"{one.person.id} has no account on any host"
        if not one.person.ssh_keys:
            yield f"{one.person.id} has no SSH key, and can sign nothing"


def _of_groups(organisation: Organisation, grants: Sequence[Grant]) -> Iterator[str]:
    named = {group for grant in grants for group in grant.groups}
    named |= {team.group for team in organisation.teams}
    for group in organisation.groups:
        if group.name not in named:
            yield f"group {group.name} may do nothing"
        if len(group.members) == 1:
            yield f"group {group.name} has one member, whose own changes nobody else approves"


def _of_keys(keys: Sequence[Key], at: datetime) -> Iterator[str]:
    for key in keys:
        if key.is_valid_at(at) and not key.is_valid_at(at + _SOON):
            yield f"key {key.name} of the {key.role} ends within {_SOON.days} days"
    for role in sorted({key.role for key in keys}):
        if not any(key.is_valid_at(at) for key in keys if key.role == role):
            yield f"no key of the {role} is valid"


def state_of(key: Key, at: datetime) -> str:
    """Return whether a key counts at a moment, in one word."""
    if key.is_valid_at(at):
        return "valid"
    return "not yet" if at < key.valid_from else "ended"


def row_of(grant: Grant) -> tuple[str, str, str, str, str]:
    """Return what people read of a grant: action, about, how many of whom, people and source."""
    many = f"{grant.count} of {' or '.join(grant.groups) or 'nobody known'}"
    return grant.action, grant.about, many, ", ".join(grant.people), grant.source
