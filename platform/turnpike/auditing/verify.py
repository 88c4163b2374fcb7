"""The audit of a whole clone: main is one line of judged merges, and nothing in it was edited.

1 the history is whole. 2 every object has the bytes that its name says, and none is missing.
3 main begins with the genesis, which the root key signed. 4 the record keeps its rules from its
start. 5 each commit after the genesis carries out one recorded allow of the commit before it.
The genesis id and the root key are held out of band: a clone can't vouch for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from turnpike.auditing.commit import NAMESPACE, check_merge, ground_of
from turnpike.auditing.damage import Damage, damage_in
from turnpike.auditing.heads import Heads, heads_of
from turnpike.auditing.record import check_record
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import TurnpikeError
from turnpike.git.repository import Repository
from turnpike.record.keys import FOLDER, keys_at
from turnpike.signing.ssh import verify_ssh
from turnpike.topology.key import Key


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it must be; ``subject`` is the object, path or ref it is about."""

    code: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an audit covered, and what it found."""

    main: ObjectId
    record: ObjectId
    commits: int
    record_commits: int
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing was found."""
        return not self.faults


def verify(
    repository: Repository, genesis: ObjectId, root: str | None, heads: Heads | None = None
) -> Report:
    """Audit a clone; ``root`` is the root's public SSH key line.

    Without it the genesis is believed for its id, which pins every byte of it.

    Raises InputError for a shallow clone or a missing branch: what isn't there can't be audited.
    """
    repository.require_whole()
    found = heads or heads_of(repository)
    audit = _Audit(repository, genesis, root, found)
    faults = tuple(audit.run())
    return Report(found.main, found.record, audit.commits, audit.record_commits, faults)


@dataclass(slots=True)
class _Audit:
    repository: Repository
    genesis: ObjectId
    root: str | None
    heads: Heads
    commits: int = 0
    record_commits: int = 0
    _keys: dict[ObjectId | None, tuple[Key, ...]] = field(default_factory=dict)

    def run(self) -> Iterator[Fault]:
        """Yield every fault; one that stops a step doesn't stop the steps after it."""
        yield from map(_fault_of_damage, damage_in(self.repository, self.heads))
        yield from self._step("main", self.heads.main, self._main)

    def _step(
        self, name: str, subject: str, step: Callable[[], Iterable[Fault]]
    ) -> Iterator[Fault]:
        try:
            yield from step()
        except TurnpikeError as error:
            yield Fault(f"verify.{name}-unreadable", subject, error.message)

    def _main(self) -> Iterator[Fault]:
        line = self.repository.first_parents(self.heads.main)
        self.commits = len(line)
        yield from self._genesis_faults(line[-1])
        yield from self._step("record", self.heads.record, lambda: self._record(line))
        ground = ground_of(self.repository, self.genesis, self.heads.record)
        self.record_commits = len(ground.record)
        for new, old in pairwise(line):
            keys = self._keys_at(old)
            for why in check_merge(self.repository, old, new, ground, keys):
                yield Fault("verify.unjudged", new, f"commit {new}: {why}")

    def _genesis_faults(self, first: ObjectId) -> Iterator[Fault]:
        if first != self.genesis:
            message = f"main begins with {first}, expected the genesis {self.genesis}"
            yield Fault("verify.genesis", first, message)
            return
        commit = self.repository.commit(first)
        signature = commit.signature or ""
        if self.root is not None and not verify_ssh(self.root, NAMESPACE, commit.signed, signature):
            message = f"the genesis {first} is not signed by the root key"
            yield Fault("verify.genesis", first, message)

    def _record(self, line: tuple[ObjectId, ...]) -> Iterator[Fault]:
        # Any key that a judged commit of main ever declared; its validity is checked by time.
        known = {key: None for commit in line for key in self._keys_at(commit)}
        for why in check_record(self.repository, None, self.heads.record, tuple(known)):
            yield Fault("verify.record", self.heads.record, why)

    def _keys_at(self, commit: ObjectId) -> tuple[Key, ...]:
        tree = self.repository.tree_id(commit, FOLDER)
        if tree not in self._keys:
            self._keys[tree] = keys_at(self.repository, commit)
        return self._keys[tree]


def _fault_of_damage(damage: Damage) -> Fault:
    return Fault("verify.damaged", damage.object or damage.path, str(damage))
