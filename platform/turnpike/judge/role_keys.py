"""The keys that a change writes or removes: an id has one role, and a revocation is for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.documents.identifiers import Digest
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import is_key, key_path
from turnpike.topology.key import Key


def key_findings(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong with the keys as they would stand on main after the change."""
    written = {change.path for change in facts.changes if is_key(change.path)}
    if not written:
        return
    kept = {path: key for key in facts.keys if (path := key_path(key.name)) not in written}
    before = {key.id: key for key in facts.keys}
    after = kept | facts.head.keys
    for path, key in sorted(facts.head.keys.items()):
        yield from _alone(path, key)
        yield from _twins(path, key, after)
        if key.id in before:
            yield from _against(path, before[key.id], key)
    yield from _forgotten(facts, written, {key.id for key in after.values()})
    gates = [key for key in after.values() if key.role == "gate" and key.is_valid_at(facts.clock)]
    if not gates and not facts.unreadable:
        expected = "a key of the role gate that is valid now"
        yield _finding("key.no-gate", "policies/keys", expected, "none", _LOCKED_OUT)


def _alone(path: str, key: Key) -> Iterator[Finding]:
    """Yield where a key disagrees with its place, or has no time at all."""
    if path != key_path(key.name):
        yield _finding("document.path-and-name-disagree", path, key_path(key.name), path, _RENAME)
    if key.valid_until <= key.valid_from:
        expected = f"validUntil after {key.valid_from.isoformat()}"
        yield _finding("key.never-valid", path, expected, key.valid_until.isoformat(), _NEW)


def _twins(path: str, key: Key, after: Mapping[str, Key]) -> Iterator[Finding]:
    for other, twin in sorted(after.items()):
        if other != path and twin.id == key.id:
            yield _finding("key.twice", path, "a key that stands in no other file", other, _NEW)


def _against(path: str, before: Key, key: Key) -> Iterator[Finding]:
    """Yield where more would count than main lets count: its time may only become shorter."""
    if key.role != before.role:
        yield _finding("key.role-differs", path, f"role: {before.role}", key.role, _NEW)
    if key.valid_from < before.valid_from or key.valid_until > before.valid_until:
        wanted = f"within {before.valid_from.isoformat()} and {before.valid_until.isoformat()}"
        found = f"{key.valid_from.isoformat()} to {key.valid_until.isoformat()}"
        yield _finding("key.prolonged", path, wanted, found, _NEW)
    if before.revoked_at and (key.revoked_at is None or key.revoked_at > before.revoked_at):
        wanted = f"revokedAt: {before.revoked_at.isoformat()}, or earlier"
        found = key.revoked_at.isoformat() if key.revoked_at else "no revokedAt"
        yield _finding("key.revived", path, wanted, found, _NEW)


def _forgotten(facts: Facts, written: set[str], ids: set[Digest]) -> Iterator[Finding]:
    """Yield each revoked key that main would forget: whoever forgets it could take it in again."""
    broken = {one.path for one in facts.unreadable}
    for key in facts.keys:
        path = key_path(key.name)
        if key.revoked_at and key.id not in ids and path in written - broken:
            yield _finding("key.forgotten", path, "the file of a revoked key stays", "none", _KEEP)


def _finding(code: str, path: str, expected: str, actual: str, solution: str) -> Finding:
    return Finding(
        code=code,
        subject=path,
        expected=expected,
        actual=actual,
        message=f"{path}: found {actual}, but {expected} is what may stand here.",
        solution=solution,
    )


_NEW = "Leave the file as main has it, and make another key with `turnpike keys new ROLE`."
_RENAME = "Give the file the key's name, or the key its file's."
_KEEP = "Leave the file where it is: what the key signed must never count again."
_LOCKED_OUT = "Add the gate's next key in the same change: without one nothing can be merged."
