"""The record read as entries, in its own order."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InputError, IntegrityError, InvalidDocument
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import OUTCOME_RESULT
from turnpike.judge.decision import Decision
from turnpike.manifest.release import RELEASE, Release
from turnpike.notifying.entry import CarriedOut, Decided, Entry
from turnpike.record.layout import decision_of, statement_of
from turnpike.record.record import Record

_AT_ONCE = 200
_FOLDERS = ("decisions", "outcomes")


def entries_of(record: Record, since: ObjectId | None = None) -> Iterator[Entry]:
    """Yield the decisions and outcomes of the record, oldest first.

    ``since`` is a commit of the record whose entries are the first to be told. Raises
    IntegrityError where the record does not have it any more.
    """
    tip = record.commit()
    if tip is None:
        return
    if since is not None:
        _require_in(record, since, tip)
    first = _parent(record, since) if since else None
    commits = record.repository.first_parents(tip, first)[::-1]
    for start in range(0, len(commits), _AT_ONCE):
        yield from _batch(record.at(tip), commits[start : start + _AT_ONCE])


def _require_in(record: Record, since: ObjectId, tip: ObjectId) -> None:
    try:
        known = record.repository.is_ancestor(record.repository.resolve(since), tip)
    except InputError:
        known = False
    if not known:
        raise IntegrityError(
            f"Expected {since} among the commits of the record, which is at {tip}; found it not.",
            solution="See with `turnpike verify` whether the record is whole; then begin anew with"
            " --since.",
            code="notify.record-forked",
        )


def _parent(record: Record, commit: ObjectId) -> ObjectId | None:
    parents = record.repository.commit(commit).parents
    return parents[0] if parents else None


def _batch(record: Record, commits: tuple[ObjectId, ...]) -> Iterator[Entry]:
    named = [
        (one.commit, folder, digest)
        for one in record.repository.changes_along(commits)
        for folder, digest in sorted(_named(change.path) for change in one.changes)
        if folder in _FOLDERS
    ]
    found = {
        folder: record.by_digest(folder, (digest for _, into, digest in named if into == folder))
        for folder in _FOLDERS
    }
    for commit, folder, digest in named:
        yield _entry(record, commit, digest, found[folder][digest], folder)


def _named(path: bytes) -> tuple[str, Digest]:
    """Return the folder that a path lies in and the digest that it names."""
    folder, _, rest = path.decode("utf-8", "replace").partition("/")
    return folder, Digest("sha256:" + rest.rpartition("/")[2].removesuffix(".json"))


def _entry(
    record: Record, commit: ObjectId, digest: Digest, envelope: Envelope, folder: str
) -> Entry:
    if folder == "decisions":
        return Decided(commit, digest, decision_of(envelope))
    outcome = OUTCOME_RESULT.validate_json(canonical(statement_of(envelope).predicate))
    decision = decision_of(record.decision(outcome.decision))
    files = _files(record, decision)
    read_ = ((one, _release(one, content)) for one, content in files.items())
    releases = {one: release for one, release in read_ if release}
    return CarriedOut(commit, digest, outcome, decision, frozenset(files), releases)


def _files(record: Record, decision: Decision) -> dict[str, bytes]:
    """Return the file of each subject that the merge left one of."""
    places: dict[str, str] = {}
    if decision.change_class == "release":
        places = {f"environments/{one}/release.yaml": one for one in decision.subjects}
    if decision.change_class in {"stop", "waiver", "settlement"}:
        places = {one: one for one in decision.subjects}
    if decision.merge_tree is None or not places:
        return {}
    found = record.repository.read_all(decision.merge_tree, places)
    return {places[path]: content for path, content in found.items()}


def _release(place: str, content: bytes) -> Release | None:
    try:
        return read(RELEASE, content, place)
    except InvalidDocument:  # of a Turnpike that wrote another form: the merge is told anyhow
        return None
