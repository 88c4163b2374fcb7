"""The one place that says who is one person: ``policies/data/organisation.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Name, ShortText


class Person(Part):
    """A human being: accounts by host (``embedded``, ``github``, ...) and public SSH keys."""

    id: Name
    name: ShortText
    email: ShortText
    accounts: dict[Name, ShortText] = Field(default_factory=dict)
    ssh_keys: tuple[ShortText, ...] = ()


class Bot(Part):
    """A program that may author changes; a bot approves nothing."""

    id: Name
    email: ShortText
    ssh_keys: tuple[ShortText, ...] = ()


class Group(Part):
    """People who answer for one thing; CODEOWNERS and environments name groups, never people."""

    name: Name
    members: tuple[Name, ...] = Field(min_length=1)


class Quota(Part):
    """The most that one team's releases may ask for in one target, all replicas together."""

    cpu_millicores: int = Field(ge=0)
    memory_mebibytes: int = Field(ge=0)


class Team(Part):
    """A model team: its group owns ``models/<name>/``; its on-call rotations exist by name."""

    name: Name
    group: Name
    on_call_rotations: tuple[ShortText, ...] = ()
    quota: Quota


class Roles(Part):
    """Which group holds each office that the judge itself asks for."""

    platform_owners: Name
    risk: Name
    release_managers: Name


class Organisation(Document):
    """People, bots, groups, teams and offices."""

    kind: Literal["Organisation"]
    name: ShortText
    codeowners_dialect: Literal["github", "gitlab", "gitea"]
    people: tuple[Person, ...] = Field(min_length=1)
    bots: tuple[Bot, ...] = ()
    groups: tuple[Group, ...] = Field(min_length=1)
    teams: tuple[Team, ...] = Field(min_length=1)
    roles: Roles

    def group(self, name: str) -> frozenset[str]:
        """Return the ids of a group's members; an unknown group has none."""
        return frozenset(m for g in self.groups if g.name == name for m in g.members)

    def team(self, name: str) -> Team | None:
        """Return the team of that name."""
        return next((team for team in self.teams if team.name == name), None)

    def person_of_email(self, email: str) -> str | None:
        """Return the id of the person or bot that commits under an address."""
        holders: tuple[Person | Bot, ...] = (*self.people, *self.bots)
        known = {holder.email.lower(): holder.id for holder in holders}
        return known.get(email.lower())

    def holder_of_key(self, ssh_key: str) -> str | None:
        """Return the id of the person or bot that holds a public SSH key (type and base64)."""
        wanted = ssh_key.split()[:2]
        holders: tuple[Person | Bot, ...] = (*self.people, *self.bots)
        for holder in holders:
            if any(key.split()[:2] == wanted for key in holder.ssh_keys):
                return holder.id
        return None


ORGANISATION: TypeAdapter[Organisation] = TypeAdapter(Organisation)
