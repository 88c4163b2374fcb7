"""Put the parts together for one instance: the only place that chooses adapters.

What a part needs is imported when it is asked for, so that OPA starts before the judge is imported.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from turnpike.change.policies import Policies, policies_at
from turnpike.cli.secret import required_secret, secret_in
from turnpike.errors import InputError, IntegrityError
from turnpike.forge.refs import MAIN
from turnpike.git.location import top_of
from turnpike.git.repository import Repository
from turnpike.installation.naming import cache_folder
from turnpike.instance.locate import locate_instance

if TYPE_CHECKING:
    from turnpike.change.collect import Sources
    from turnpike.change.gate import AskPolicies
    from turnpike.change.merge import Gate
    from turnpike.documents.identifiers import Digest, ObjectId
    from turnpike.evidence.envelope import Envelope
    from turnpike.forge.interface import Forge, Lock
    from turnpike.forge.remote_git import RemoteGit
    from turnpike.forge.web import Token
    from turnpike.instance.instance import Instance
    from turnpike.judge.facts import LetIn
    from turnpike.record.record import Record
    from turnpike.registry.interface import Registry, RegistryCatalogue
    from turnpike.registry.rest import RestServer
    from turnpike.signing.process import SigningProcess
    from turnpike.topology.instance import HostAddress
    from turnpike.topology.key import Key, Role
    from turnpike.topology.organisation import Organisation


_NEXT_STEP = "Make one for the bot's account at the host, with rights on this repository only."


def now() -> datetime:
    """Read the clock, in UTC; a decision reads it once."""
    return datetime.now(UTC)


@dataclass
class House:
    """One instance with its adapters, each opened when it is first asked for."""

    instance: Instance

    @cached_property
    def host(self) -> Repository:
        """Return the repository from which everything is judged.

        It is the embedded host itself, or what another host has, brought here when first asked
        for.
        """
        if self.instance.document.forge:
            self.remote().follow()
        return Repository(self.instance.host)

    def refresh(self) -> None:
        """Bring what another host has by now; the embedded one is read in its place anyhow."""
        if self.instance.document.forge:
            self.remote().follow()

    def remote(self, clone: Path | None = None) -> RemoteGit:
        """Return the Git side of a host other than the embedded one, reached from a clone."""
        from turnpike.cli.hosting import pull_refs
        from turnpike.forge.remote_git import RemoteGit, authenticated

        at = self.address()
        reached = authenticated(clone or self.instance.host, at.bot, self._token())
        url = f"{at.address.rstrip('/')}/{at.repository}.git"
        return RemoteGit(reached, url, pull_refs(at.host))

    def address(self) -> HostAddress:
        """Return where the host is; raises InputError for an instance with the embedded one."""
        at = self.instance.document.forge
        if at is None:
            raise InputError(
                f"{self.instance.folder}: expected a host in instance.yaml: forge, found none",
                code="forge.none",
                solution="`turnpike forge connect --help` says how an instance gets one.",
            )
        return at

    def _token(self) -> Token:
        from turnpike.forge.web import Token

        variable = f"TURNPIKE_{self.address().host.upper()}_TOKEN"
        return Token(required_secret(os.environ, variable, _NEXT_STEP))

    def lock(self) -> Lock:
        """Return what locks main and the record at a host other than the embedded one."""
        from turnpike.cli.hosting import lock_of

        return lock_of(self.address(), self._token())

    @property
    def main(self) -> ObjectId:
        """Return where main stands now."""
        return self.host.resolve(MAIN)

    @cached_property
    def organisation(self) -> Organisation:
        """Return the organisation as main has it."""
        from turnpike.documents.reading import read
        from turnpike.judge.layout import ORGANISATION_PATH
        from turnpike.topology.organisation import ORGANISATION

        content = self.host.read(self.main, ORGANISATION_PATH)
        if content is None:
            raise IntegrityError(f"{ORGANISATION_PATH} is not on main", code="base.unreadable")
        return read(ORGANISATION, content, ORGANISATION_PATH)

    @cached_property
    def record(self) -> Record:
        """Return the record of decisions."""
        from turnpike.record.record import Record

        return Record(self.host)

    @cached_property
    def registry(self) -> RegistryCatalogue:
        """Return the registry, to be read."""
        if self.instance.document.registry:
            from turnpike.registry.mlflow_rest import MlflowRestReader

            return MlflowRestReader(self.registry_server())
        from turnpike.registry.mlflow_sqlite import MlflowSqliteReader

        return MlflowSqliteReader(self.instance.registry)

    def registry_to_write(self) -> Registry:
        """Return the registry, to be written as well: importing MLflow takes seconds."""
        from turnpike.registry.mlflow import MlflowRegistry

        if self.instance.document.registry:
            return MlflowRegistry.on_server(self.registry_server())
        return MlflowRegistry.embedded(self.instance.registry)

    def registry_server(self, address: str | None = None) -> RestServer:
        """Return the MLflow server at an address, or the instance's own, with the caller's token.

        Raises InputError for an instance with the embedded registry.
        """
        from turnpike.registry.rest import RestServer

        own = self.instance.document.registry
        if address is None and own is None:
            raise InputError(
                f"{self.instance.folder}: expected a server in instance.yaml: registry, found none",
                code="registry.embedded",
                solution="`turnpike registry connect --help` says how an instance gets one.",
            )
        token = secret_in(os.environ, "TURNPIKE_MLFLOW_TOKEN")
        return RestServer(address or (own.address if own else ""), token or "")

    def forge(self, person: str | None = None, clone: Path | None = None) -> Forge:
        """Return the host as a person sees it; without a person it can only be read.

        A host other than the embedded one is seen as by the account of the token.
        """
        if self.instance.document.forge:
            from turnpike.cli.hosting import forge_of

            return forge_of(self.address(), self._token(), self.remote(clone))
        from turnpike.forge.embedded import EmbeddedForge, EmbeddedHost
        from turnpike.forge.speaker import SshSpeaker

        host = EmbeddedHost(self.host, self.instance.genesis, self.organisation)
        speaker = SshSpeaker(person, self.instance.person_key(person)) if person else None
        repository = Repository(clone) if clone else self.host
        return EmbeddedForge(host, repository, now, speaker)

    def policies(self) -> Policies:
        """Return the policies of main as it stands now."""
        return policies_at(self.host, self.main, cache_folder())

    def asking(self, base: ObjectId) -> AskPolicies:
        """Return what answers by the policies of any commit of main."""
        return policies_at(self.host, base, cache_folder()).ask

    def gate(self, policies: Policies, ask: AskPolicies, person: str | None = None) -> Gate:
        """Return what judging and merging needs."""
        from turnpike.change.merge import Gate

        return Gate(
            sources=self.sources(self.host, self.record, policies),
            forge=self.forge(person),
            ask=ask,
            genesis=self.instance.genesis,
            tools=lambda base: policies.tools(self.host, base),
            clock=now,
        )

    def sources(self, repository: Repository, record: Record, policies: Policies) -> Sources:
        """Return where facts are read from; ``repository`` holds the base and the head."""
        from turnpike.change.collect import Sources
        from turnpike.change.conformance import schemas_file

        examine = policies.examining(record)
        schemas, seen = schemas_file(cache_folder()), self._observations
        return Sources(repository, record, self.registry, examine, schemas, seen, _let_in)

    def _observations(self, artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
        """Return what observers published; the host is asked only where releases change."""
        return self.forge().observations(artifacts)

    @contextmanager
    def signer(self, role: Role) -> Iterator[SigningProcess]:
        """Start the process of a role, which alone reads that role's private key."""
        from turnpike.signing.keys import private_file_of
        from turnpike.signing.process import SigningProcess

        key = self.role_key(role)
        with SigningProcess(key, private_file_of(self.instance.keys, key.name)) as process:
            yield process

    def role_key(self, role: Role) -> Key:
        """Return the public key by which a role signs here now; see ``held_key``."""
        from turnpike.record.keys import keys_at
        from turnpike.signing.keys import held_key

        keys = keys_at(self.host, self.main)
        found = held_key(keys, role, now(), self.instance.keys)
        if found is None:
            raise _no_key(role, keys, self.instance.keys)
        return found


def _no_key(role: Role, keys: Iterable[Key], folder: Path) -> InputError:
    """Say which is missing: a key that is valid, or the private half of one."""
    valid = ", ".join(key.name for key in keys if key.role == role and key.is_valid_at(now()))
    if not valid:
        return InputError(
            f"policies/keys: expected a key of the {role} that is valid now, found none",
            code="key.none-valid",
            solution=f"Make one with `turnpike keys new {role}`: runbooks/KeyRotation.md.",
        )
    return InputError(
        f"{folder}: expected the private half of one of {valid}, found none",
        code="key.none-here",
        solution="Bring the file back from your backup, as NAME.key and readable by its owner"
        f" alone; or make another with `turnpike keys new {role}`: runbooks/KeyRotation.md.",
    )


def _let_in(files: Mapping[str, bytes]) -> tuple[LetIn, ...]:
    """Read whom roots let in; HCL is only needed where the organisation changes."""
    from turnpike.infrastructure.sign_on import let_in

    return let_in(files)


def house_here() -> House:
    """Return the instance around the current folder."""
    return House(locate_instance(Path.cwd(), os.environ))


def clone_here(house: House) -> Path:
    """Return the clone that the current folder lies in, else the instance's own."""
    try:
        return top_of(Path.cwd())
    except InputError:
        return house.instance.monorepo


def acting(house: House, person: str | None) -> str:
    """Return the id of who acts: the one named, else the one whose address Git is set to."""
    if person is None:
        person = house.organisation.person_of_email(_git_email(clone_here(house)))
    known = {one.id for one in house.organisation.people}
    known |= {bot.id for bot in house.organisation.bots}
    if person not in known:
        from turnpike.judge.layout import ORGANISATION_PATH

        raise InputError(
            f"--as: expected a person or bot of {ORGANISATION_PATH}, got {person or 'nobody'}",
            code="input.unknown-person",
            solution=f"Name one of {', '.join(sorted(known))}.",
        )
    return person


def is_person(house: House, who: str) -> bool:
    """Tell whether who acts is a person, and not a bot."""
    return any(one.id == who for one in house.organisation.people)


def _git_email(clone: Path) -> str:
    answer = subprocess.run(
        ["git", "-C", str(clone), "config", "user.email"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return answer.stdout.strip()
