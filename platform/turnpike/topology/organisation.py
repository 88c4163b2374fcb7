"""The one place that says who is one person: ``policies/data/organisation.yaml``."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Name, ShortText


class Person(Part):
    """A human being: accounts by host (``embedded``, ``github``, ...) and public SSH keys.

    ``other_accounts`` and ``other_emails`` are the same person's further ones: whoever has two
    accounts still approves once, and never a change that was written under the other.
    """

    id: Name
    name: ShortText
    email: ShortText
    other_emails: tuple[ShortText, ...] = ()
    accounts: dict[Name, ShortText] = Field(default_factory=dict)
    other_accounts: dict[Name, tuple[ShortText, ...]] = Field(default_factory=dict)
    ssh_keys: tuple[ShortText, ...] = ()

    @property
    def emails(self) -> tuple[str, ...]:
        """Return every address under which the person commits."""
        return (self.email, *self.other_emails)

    def accounts_on(self, host: str) -> tuple[str, ...]:
        """Return every account of the person on a host."""
        main = self.accounts.get(host)
        return (*((main,) if main else ()), *self.other_accounts.get(host, ()))


class Bot(Part):
    """A program that may author changes; a bot approves nothing."""

    id: Name
    email: ShortText
    ssh_keys: tuple[ShortText, ...] = ()


class Machine(Part):
    """What commits in a person's stead when they merge or edit in a host's web pages.

    GitHub's is ``noreply@github.com``. It may stand as a committer, never as an author: who wrote
    the change is still a person or a named bot.
    """

    id: Name
    email: ShortText


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
    """Which group holds each office that the judge itself asks for.

    Any one of ``on_call`` stops the line; the platform owners do where it names no group.
    """

    platform_owners: Name
    risk: Name
    release_managers: Name
    on_call: Name | None = None


class Segregation(Part):
    """What the company says of one person, or two, who could take a change to production.

    One person alone is never allowed to. ``pairs`` is for two people together, ``high_risk_pairs``
    for two who could bring a model of tier high. ``production`` are the environments meant; empty
    means those from which nothing is promoted.
    """

    pairs: Literal["allow", "warn", "deny"] = "warn"
    high_risk_pairs: Literal["allow", "warn", "deny"] = "deny"
    production: tuple[Name, ...] = ()


class BreakGlass(Part):
    """Who may command an incident, and how far an emergency goes.

    An emergency ends at most ``longest_hours`` after it is judged; its debt, a review by two
    others, is due ``debt_hours`` after that judgement.
    """

    commanders: Name
    longest_hours: int = Field(default=24, ge=1, le=168)
    debt_hours: int = Field(default=72, ge=1, le=720)


class Access(Part):
    """What members of a group may do in the platform's own programs, and at the gateways.

    A ``viewer`` looks, an ``operator`` also has what Git says carried out again, an
    ``administrator`` also looks after clusters and repositories. A ``caller`` calls models through
    the gateways and sees nothing else. Empty ``environments`` and ``teams`` mean all of them;
    nobody may do anything that is not named.
    """

    group: Name
    role: Literal["viewer", "operator", "administrator", "caller"]
    environments: tuple[Name, ...] = ()
    teams: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _administers_everything(self) -> Access:
        if self.role == "administrator" and (self.environments or self.teams):
            raise ValueError("an administrator of everything: clusters belong to no team")
        return self

    @model_validator(mode="after")
    def _calls_every_team(self) -> Access:
        if self.role == "caller" and self.teams:
            raise ValueError("a caller without teams: a gateway has one list for all its models")
        return self

    @property
    def looks(self) -> bool:
        """Tell whether the entry lets anybody see something in the platform's own programs."""
        return self.role != "caller"

    def holds_in(self, environment: str) -> bool:
        """Tell whether the entry is about an environment."""
        return not self.environments or environment in self.environments

    def holds_for(self, team: str) -> bool:
        """Tell whether the entry is about a team's models."""
        return not self.teams or team in self.teams


T = TypeVar("T")

# Plain HTTP only where nobody can listen: RFC 8252, 8.3 says the same of loopback.
_ORIGIN = re.compile(r"https://[^/?#\s@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
_ADDRESS = re.compile(rf"({_ORIGIN.pattern})(/[^?#\s]*)?")
_Domain = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")
]
_PinnedImage = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.:/_-]{0,200}@sha256:[0-9a-f]{64}$")
]
_Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,60}$")]


class Client(Part):
    """A program as the provider knows it; ``address`` is where people's browsers reach it."""

    id: ShortText
    address: ShortText | None = None

    @model_validator(mode="after")
    def _address_is_one(self) -> Client:
        return self if self.address is None else _with_address(self, "address", self.address)


class Gateway(Part):
    """The way in to what serves in one target: who signs people and programs in before it.

    ``client`` is how the provider knows it. All that stands behind it has its name below
    ``domain``; people come back from the provider to ``sign-in.<domain>``. ``ingress`` is where the
    cluster's own ingress answers, in ``namespace``; ``image`` is oauth2-proxy.
    """

    environment: Name
    target: Name
    client: ShortText
    domain: _Domain
    ingress: ShortText
    image: _PinnedImage
    namespace: Name = "gateway"

    @model_validator(mode="after")
    def _ingress_is_one(self) -> Gateway:
        if not _ORIGIN.fullmatch(self.ingress):
            raise ValueError("ingress: an https address without path; http on loopback only")
        return self


class SignOn(Part):
    """The one OpenID provider that says who somebody is, and by what name each program is known.

    ``claim`` of an identity token is the account of a person on ``host``, as ``accounts`` of people
    have it. The provider says who somebody is; which groups that person belongs to is said here
    alone. Only programs that cannot read this file take the provider's groups: there a group is
    called ``group_prefix`` and its name.
    """

    issuer: ShortText
    host: Name
    claim: Literal["sub", "preferred_username"] = "preferred_username"
    group_prefix: _Prefix | None = None
    clients: dict[Literal["pages", "argocd", "kubernetes"], Client] = Field(min_length=1)
    gateways: tuple[Gateway, ...] = ()

    @model_validator(mode="after")
    def _gateways_are_their_own(self) -> SignOn:
        places = [(one.environment, one.target) for one in self.gateways]
        if len(set(places)) < len(places):
            raise ValueError("gateways: each target of an environment once")
        ids = [*(one.id for one in self.clients.values()), *(one.client for one in self.gateways)]
        if any(ids.count(one.client) > 1 for one in self.gateways):
            raise ValueError("gateways: a client of its own each, or a token for one opens another")
        return self

    @model_validator(mode="after")
    def _programs_can_be_reached(self) -> SignOn:
        argocd = self.clients.get("argocd")
        if argocd is not None and argocd.address is None:
            raise ValueError("clients.argocd: an address, without which Argo CD lets nobody in")
        if "kubernetes" in self.clients and not self.issuer.startswith("https://"):
            raise ValueError("issuer: an https address, as clusters trust no other provider")
        return _with_address(self, "issuer", self.issuer)


_Claim = Literal[
    "repository", "repository_id", "project_path", "project_id", "ref", "ref_type",
    "ref_protected", "environment", "workflow_ref", "job_workflow_ref",
]  # fmt: skip


class Pipeline(Part):
    """Runs of a CI system that may ask the gate to look, by the token that is signed for each run.

    A token counts where all of ``claims`` are as here: which repository, which branch, and what
    else shall be so. ``audience`` is what the run asked its token for.
    """

    issuer: ShortText
    audience: ShortText
    claims: dict[_Claim, ShortText]

    @model_validator(mode="after")
    def _is_bound(self) -> Pipeline:
        places = {"repository", "repository_id", "project_path", "project_id"}
        if "ref" not in self.claims or places.isdisjoint(self.claims):
            raise ValueError(f"claims: ref, and one of {', '.join(sorted(places))}")
        return _with_address(self, "issuer", self.issuer)


def _with_address(part: T, field: str, address: str) -> T:
    """Return a part with an address; raises ValueError for one that others could listen to."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{field}: an https address without query; http on loopback only")
    return part


class Organisation(Document):
    """People, bots, machines, groups, teams and offices.

    ``codeowners_roles`` says which group GitLab's ``@@maintainer`` and its other roles are.
    """

    kind: Literal["Organisation"]
    name: ShortText
    codeowners_dialect: Literal["github", "gitlab", "gitea"]
    people: tuple[Person, ...] = Field(min_length=1)
    bots: tuple[Bot, ...] = ()
    machines: tuple[Machine, ...] = ()
    groups: tuple[Group, ...] = Field(min_length=1)
    teams: tuple[Team, ...] = Field(min_length=1)
    roles: Roles
    codeowners_roles: dict[Literal["developer", "maintainer", "owner"], Name] = Field(
        default_factory=dict
    )
    segregation: Segregation = Segregation()
    break_glass: BreakGlass | None = None
    access: tuple[Access, ...] = ()
    sign_on: SignOn | None = None
    pipelines: tuple[Pipeline, ...] = ()

    def groups_of(self, person: str) -> frozenset[str]:
        """Return the names of the groups that a person belongs to."""
        return frozenset(group.name for group in self.groups if person in group.members)

    def group(self, name: str) -> frozenset[str]:
        """Return the ids of a group's members; an unknown group has none."""
        return frozenset(m for g in self.groups if g.name == name for m in g.members)

    def team(self, name: str) -> Team | None:
        """Return the team of that name."""
        return next((team for team in self.teams if team.name == name), None)

    def person_of_account(self, host: str, account: str) -> str | None:
        """Return the id of the person who holds an account on a host; hosts' names have no case."""
        return self.holders_on(host).get(account.casefold())

    @property
    def group_prefix(self) -> str:
        """Return what the provider of sign-in puts before the name of a group; mostly nothing."""
        return (self.sign_on.group_prefix if self.sign_on else None) or ""

    def holders_on(self, host: str) -> dict[str, str]:
        """Return who holds each account on a host, by its name in ``str.casefold`` form."""
        holders: dict[str, str] = {}
        for person in self.people:
            for account in person.accounts_on(host):
                holders.setdefault(account.casefold(), person.id)
        return holders

    def person_of_email(self, email: str) -> str | None:
        """Return the id of the person or bot that commits under an address."""
        wanted = email.lower()
        for person in self.people:
            if wanted in {known.lower() for known in person.emails}:
                return person.id
        return next((bot.id for bot in self.bots if bot.email.lower() == wanted), None)

    def is_machine(self, email: str) -> bool:
        """Tell whether an address is a host's own, under which its web pages commit."""
        return any(machine.email.lower() == email.lower() for machine in self.machines)

    def holder_of_key(self, ssh_key: str) -> str | None:
        """Return the id of the person or bot that holds a public SSH key (type and base64)."""
        wanted = ssh_key.split()[:2]
        holders: tuple[Person | Bot, ...] = (*self.people, *self.bots)
        for holder in holders:
            if any(key.split()[:2] == wanted for key in holder.ssh_keys):
                return holder.id
        return None


ORGANISATION: TypeAdapter[Organisation] = TypeAdapter(Organisation)
