"""The hosts on which the contract of a forge is tried; each brings its world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from turnpike.documents.identifiers import ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import Statement
from turnpike.forge.interface import Forge
from unit.instance.aurora import Aurora


class World(Protocol):
    """A host with a monorepo, people, and a gate that could allow something."""

    def forge(self, person: str) -> Forge:
        """Return the host as a person, or the bot, sees it."""
        ...

    def commit(self, name: str) -> ObjectId:
        """Return a new commit on top of main, known by the host where it must be."""
        ...

    def main(self) -> ObjectId:
        """Return where the host's main is."""
        ...

    def observed(self, statement: Statement) -> Envelope:
        """Return the statement, signed by an observer whom main knows."""
        ...

    def judged_merge(self, head: ObjectId) -> ObjectId:
        """Record an allow of merging a commit into main, and return the signed merge commit."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddedWorld:
    """The embedded host of an instance."""

    aurora: Aurora

    def forge(self, person: str) -> Forge:
        return self.aurora.forge(person)

    def commit(self, name: str) -> ObjectId:
        return self.aurora.commit(f"docs/{name}.md", name)

    def main(self) -> ObjectId:
        return self.aurora.main()

    def observed(self, statement: Statement) -> Envelope:
        with self.aurora.signer("observer") as observer:
            return observer.sign(statement)

    def judged_merge(self, head: ObjectId) -> ObjectId:
        return self.aurora.merge_commit(head, self.aurora.decide(head))
