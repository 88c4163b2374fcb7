"""A stand-in of a host with a monorepo, its people and the bot, as the contract asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from turnpike.documents.identifiers import ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import Statement
from turnpike.forge.interface import Forge
from turnpike.forge.patience import Patience
from turnpike.forge.refs import MAIN, RECORD
from turnpike.forge.remote_git import RemoteGit, authenticated
from turnpike.forge.web import Token
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository
from unit.judge.examples import RoleKey

BOT = "turnpike-bot"
REPOSITORY = "aurora/monorepo"
PEOPLE = ("maria-lopez", "tom-becker", "nora-smith", "sam-rivera", BOT)
MARIA = Identity("Maria López", "maria.lopez@aurora-health.example")
OBSERVER = RoleKey("observer")
QUICK = Patience(first_seconds=0.01, longest_seconds=2)


@dataclass
class FakeWorld:
    """A host with a monorepo, people, and a gate that could allow something."""

    address: str
    clone: Repository
    pulls: str
    make: Callable[[str, Token, RemoteGit], Forge]
    forges: dict[str, Forge] = field(default_factory=dict, kw_only=True)

    def token(self, person: str) -> Token:
        return Token(f"secret-of-{person}")

    def remote(self, person: str) -> RemoteGit:
        """All people of a test push from one clone, as if each had fetched from the others."""
        clone = authenticated(self.clone.path, person, self.token(person))
        return RemoteGit(clone, f"{self.address}/{REPOSITORY}.git", self.pulls)

    def forge(self, person: str) -> Forge:
        if person not in self.forges:
            token, git = self.token(person), self.remote(person)
            self.forges[person] = self.make(self.address, token, git)
        return self.forges[person]

    def commit(self, name: str) -> ObjectId:
        return self.child_of(self.main(), {f"docs/{name}.md": name.encode()})

    def child_of(self, parent: ObjectId, files: Mapping[str, bytes | None]) -> ObjectId:
        tree = self.clone.write_tree_with(parent, files)
        return self.clone.write_commit(tree, (parent,), MARIA, MARIA, "Change\n", _now())

    def main(self) -> ObjectId:
        remote = self.remote(BOT)
        remote.fetch(f"+{MAIN}:{MAIN}")
        return remote.clone.resolve(MAIN)

    def judged_merge(self, head: ObjectId) -> ObjectId:
        """Write the merge commit; that only the gate's are taken is the host's protection."""
        base = self.main()
        tree = self.clone.merge_tree(base, head).tree or EMPTY_TREE
        gate = Identity("Turnpike gate", "gate@turnpike.dev")
        return self.clone.write_commit(tree, (base, head), gate, gate, "Merge\n", _now())

    def observed(self, statement: Statement) -> Envelope:
        """Sign it by anybody's key: the host takes every ref, what counts is the judge's affair."""
        return OBSERVER.sign(statement)


def begin(world: FakeWorld) -> FakeWorld:
    """Put a genesis on main and a record beside it, as `forge connect` does."""
    for ref in (MAIN, RECORD):
        tree = world.clone.write_tree_with(EMPTY_TREE, {"README.md": ref.encode()})
        commit = world.clone.write_commit(tree, (), MARIA, MARIA, "Genesis\n", _now())
        world.clone.update_ref(ref, commit, None)
    world.remote(BOT).begin()
    return world


def clone_in(folder: Path) -> Repository:
    return Repository.create(folder / "clone")


def _now() -> datetime:
    return datetime.now(UTC)
