"""Whether new commits of the record keep its rules; what the Git host's hook asks of every push.

1 one line of commits without merges, from the old tip. 2 additions only; ``tip.json`` alone may
change. 3 each entry's name is its content's digest. 4 each envelope is canonical and signed by a
key whose role may say that. 5 each decision follows the one before it, with its facts. 6 the index
names exactly what was added. 7 ``tip.json`` says where that leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import ValidationError

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.evidence.envelope import ENVELOPE, Envelope, is_signed_by, statement_in
from turnpike.evidence.statement import ISSUED_BY, Statement
from turnpike.git.objects import REGULAR, CommitChanges, CommitObject, TreeChange
from turnpike.git.repository import Repository
from turnpike.judge.decision import Decision
from turnpike.record import layout
from turnpike.record.record import Record
from turnpike.topology.key import Key

_ENTRY = re.compile(
    r"(?P<folder>facts|decisions|statements|outcomes)/(?P<fan>..)/(?P<name>.{64})\.json"
)
CLOCK_SKEW = timedelta(minutes=5)


def check_append(
    repository: Repository,
    old: ObjectId | None,
    new: ObjectId,
    keys: tuple[Key, ...],
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Return what is wrong with moving the record from ``old`` (None: its start) to ``new``.

    ``keys`` are all that may have signed; each counts if it was valid at its commit's time. ``now``
    is the host's clock: commits that claim another time are refused. The commits' own signatures
    are ``auditing.record``'s to check.
    """
    line = repository.first_parents(new, old)
    if not line and new != old:
        return (f"record commit {new}: it stands before {old}, and the record only grows",)
    commits = repository.commits(reversed(line))
    changes = repository.changes_along(commit.id for commit in commits)
    known = {key.id: key for key in keys}
    found: list[str] = []
    parent = old
    for commit, changed in zip(commits, changes, strict=True):
        faults = (
            *_commit_faults(commit, parent, now),
            *_faults(repository, known, commit, changed),
        )
        found += (f"record commit {commit.id}: {why}" for why in faults)
        parent = commit.id
    return tuple(found)


def _commit_faults(
    commit: CommitObject, parent: ObjectId | None, now: datetime | None
) -> Iterator[str]:
    if commit.parents != ((parent,) if parent else ()):
        yield f"expected the one parent {parent}, found {', '.join(commit.parents) or 'none'}"
    moment = commit.committer.time
    if now is not None and abs(now - moment) > CLOCK_SKEW:
        yield f"it claims {moment.isoformat()}, and it is {now.isoformat()}"


def _faults(
    repository: Repository,
    keys: dict[Digest, Key],
    commit: CommitObject,
    changed: CommitChanges,
) -> Iterator[str]:
    blobs = {_text(c.path): c.new.object for c in changed.changes if c.new and not _not_added(c)}
    contents = repository.blobs(blobs.values())
    added = {path: contents[blob] for path, blob in blobs.items()}
    start = Record(repository).state_at(commit.parents[0] if commit.parents else None)
    yield from filter(None, map(_not_added, changed.changes))
    yield from _Appended(repository, keys, commit, added, start).faults()


@dataclass(slots=True)
class _Appended:
    """What one commit adds, by path; ``state`` and ``index`` follow from it, entry by entry."""

    repository: Repository
    keys: dict[Digest, Key]
    commit: CommitObject
    contents: dict[str, bytes]
    state: layout.Tip
    index: set[str] = field(default_factory=set)

    def faults(self) -> Iterator[str]:
        """Yield what is wrong, in the order of the paths."""
        for path, content in self.contents.items():
            if path != layout.TIP_PATH and not path.startswith(layout.INDEX):
                yield from _misnamed(path, content)
                yield from self._entry_faults(path, content)
        yield from _index_faults(self.index, self.contents)
        tip = self.repository.read(self.commit.id, layout.TIP_PATH)
        if tip != self.state.content():
            yield f"{layout.TIP_PATH}: expected {self.state.content().decode()}, found {tip!r}"

    def _entry_faults(self, path: str, content: bytes) -> Iterator[str]:
        if path.startswith("facts/"):
            return
        envelope = _envelope(content)
        statement = statement_in(envelope) if envelope else None
        if envelope is None or statement is None or layout.content_of(envelope) != content:
            yield f"{path}: expected the canonical envelope of a canonical statement"
            return
        refused = tuple(self._signature_faults(path, envelope, statement))
        yield from refused
        if not refused:
            self.index |= layout.index_paths(envelope.digest(), statement)
            yield from self._decision_faults(path, envelope, statement)

    def _signature_faults(
        self, path: str, envelope: Envelope, statement: Statement
    ) -> Iterator[str]:
        role = ISSUED_BY.get(statement.predicate_type)
        key = self.keys.get(envelope.key_id())
        moment = self.commit.committer.time
        if not path.startswith(layout.folder_of(statement) + "/"):
            yield f"{path}: the predicate {statement.predicate_type} belongs elsewhere"
        if key is None or key.role != role:
            found = f"{key.role} {key.name}" if key else f"unknown key {envelope.key_id()}"
            wanted = role or "role that may say this"
            yield f"{path}: expected a signature by a {wanted}, found {found}"
        elif not is_signed_by(envelope, key):
            yield f"{path}: the signature of {key.name} does not fit"
        elif not key.is_valid_at(moment):
            yield f"{path}: the key {key.name} was not valid at {moment.isoformat()}"

    def _decision_faults(
        self, path: str, envelope: Envelope, statement: Statement
    ) -> Iterator[str]:
        decision = layout.decision_in(statement)
        if decision is None:
            if path.startswith("decisions/"):
                yield f"{path}: expected a decision, found a predicate of another shape"
            return
        yield from _misplaced(path, decision, statement, self.state)
        facts = layout.path_of("facts", decision.facts)
        if self.repository.blob_id(self.commit.id, facts) is None:
            yield f"{path}: its facts {decision.facts} did not come with it"
        self.state = self.state.after(envelope.digest(), decision)


def _not_added(change: TreeChange) -> str:
    """Return why a change is no addition of a regular file; empty where it is one."""
    path = _text(change.path)
    if change.new is None:
        return f"{path}: it was removed, and the record only grows"
    if change.old is not None and path != layout.TIP_PATH:
        return f"{path}: it was changed, and the record only grows"
    if change.new.mode != REGULAR:
        return f"{path}: expected a regular file, found mode {change.new.mode}"
    return ""


def _text(path: bytes) -> str:
    return path.decode("utf-8", "backslashreplace")


def _misnamed(path: str, content: bytes) -> Iterator[str]:
    match = _ENTRY.fullmatch(path)
    if match is None:
        yield f"{path}: such a path has no place on the record"
    elif digest_of(content) != f"sha256:{match['name']}" or match["fan"] != match["name"][:2]:
        yield f"{path}: its content has the digest {digest_of(content)}"


def _envelope(content: bytes) -> Envelope | None:
    try:
        return ENVELOPE.validate_json(content)
    except ValidationError:
        return None


def _misplaced(
    path: str, decision: Decision, statement: Statement, state: layout.Tip
) -> Iterator[str]:
    commits = [s.digest["gitCommit"] for s in statement.subject if "gitCommit" in s.digest]
    trees = [s.digest["gitTree"] for s in statement.subject if "gitTree" in s.digest]
    wanted_trees = [decision.merge_tree] if decision.merge_tree else []
    if commits != [decision.head] or trees != wanted_trees:
        yield f"{path}: its subjects are not the head and the merge tree that were judged"
    if decision.previous != state.decision:
        yield f"{path}: expected to follow {state.decision}, it follows {decision.previous}"
    if state.clock and decision.decided_at < state.clock:
        yield f"{path}: it was decided at {decision.decided_at}, before the last at {state.clock}"


def _index_faults(expected: set[str], contents: dict[str, bytes]) -> Iterator[str]:
    found = {path for path in contents if path.startswith(layout.INDEX)}
    yield from (f"{path}: the index lacks it" for path in sorted(expected - found))
    yield from (f"{path}: the index should not have it" for path in sorted(found - expected))
    yield from (f"{path}: an index entry is empty" for path in found & expected if contents[path])
