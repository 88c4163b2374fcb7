"""What an owner in CODEOWNERS is called in organisation.yaml: a group, or one person."""

from __future__ import annotations

from turnpike.approvals.interface import DialectName
from turnpike.topology.organisation import Organisation


def owner_in(organisation: Organisation, dialect: DialectName, owner: str) -> str | None:
    """Return the name of a group or the id of a person; None for whoever is not listed.

    ``@group`` and ``@organisation/group`` are groups by their last name, ``@account`` is a person
    on the dialect's host or the embedded one, an address is a person's, and GitLab's ``@@role`` is
    what ``codeownersRoles`` says. Names of hosts have no case; bots own nothing.
    """
    if owner.startswith("@@"):
        role = owner[2:].lower().removesuffix("s")
        return next((g for r, g in organisation.codeowners_roles.items() if r == role), None)
    if "@" in owner[1:]:
        return _person(organisation, organisation.person_of_email(owner))
    path = owner.removeprefix("@").lower()
    name = path.rpartition("/")[2]
    if any(group.name == name for group in organisation.groups):
        return name
    if "/" in path:
        return None
    for host in (dialect, "embedded"):
        person = organisation.person_of_account(host, path)
        if person is not None:
            return person
    return None


def members_of(organisation: Organisation, name: str) -> frozenset[str]:
    """Return the people behind a group's name or a person's id."""
    if any(group.name == name for group in organisation.groups):
        return organisation.group(name)
    return frozenset(person.id for person in organisation.people if person.id == name)


def _person(organisation: Organisation, holder: str | None) -> str | None:
    return next((person.id for person in organisation.people if person.id == holder), None)
