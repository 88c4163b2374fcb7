"""Two people with keys, and events that they sign: what these tests start from and bend."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.event import NAMESPACE, Event, encode
from turnpike.forge.events import Scope
from turnpike.signing.ssh import create_ssh_key, sign_ssh
from turnpike.topology.organisation import (
    Bot,
    Group,
    Organisation,
    Person,
    Quota,
    Roles,
    Team,
)

GENESIS = ObjectId("a" * 40)
HEAD = ObjectId("b" * 40)
OTHER = ObjectId("c" * 40)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def event(kind: str = "reviewed", account: str = "maria", **bent: object) -> Event:
    fields: dict[str, object] = {
        "kind": kind,
        "genesis": GENESIS,
        "pull_request": 7,
        "commit": HEAD,
        "account": account,
        "at": START,
        "state": "approved" if kind == "reviewed" else "",
    }
    return Event.model_validate({**fields, **bent})


def later(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass(frozen=True)
class People:
    """Maria and Tom, whose accounts are called ``maria`` and ``tom``, and the robot ``bot``."""

    folder: Path
    organisation: Organisation

    @classmethod
    def made(cls, folder: Path) -> People:
        keys = {name: create_ssh_key(folder / name, name) for name in ("maria", "tom", "bot")}
        people = tuple(
            Person(
                id=f"{name}-x",
                name=name,
                email=f"{name}@example.com",
                accounts={"embedded": name},
                ssh_keys=(keys[name],),
            )
            for name in ("maria", "tom")
        )
        bots = (Bot(id="bot", email="bot@example.com", ssh_keys=(keys["bot"],)),)
        organisation = Organisation(
            api_version="turnpike.dev/v1",
            kind="Organisation",
            name="Aurora",
            codeowners_dialect="github",
            people=people,
            bots=bots,
            groups=(Group(name="all", members=("maria-x", "tom-x")),),
            teams=(Team(name="t", group="all", quota=Quota(cpu_millicores=0, memory_mebibytes=0)),),
            roles=Roles(platform_owners="all", risk="all", release_managers="all"),
        )
        return cls(folder, organisation)

    def scope(self) -> Scope:
        return Scope(GENESIS, 7, self.organisation)

    def signed(self, said: Event, signer: str | None = None, namespace: str = NAMESPACE) -> bytes:
        """Return the blob of an event, signed by whoever its account says, or by somebody else."""
        key = self.folder / (signer or said.account)
        return encode(said, sign_ssh(key, namespace, said.signed_bytes()))


def by_digest(*contents: bytes) -> dict[str, bytes]:
    return {hashlib.sha256(content).hexdigest(): content for content in contents}
