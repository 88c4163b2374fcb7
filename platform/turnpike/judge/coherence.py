"""What facts can't be: combinations that no repository and no host gives, whoever wrote them.

Facts that were collected never contradict themselves. Facts that somebody edited may, and nothing
is decided from those: a change without its commits has no author, a file without its document no
rule. Whether coherent facts are true, only their digest on the record tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from turnpike.approvals.dialects import LOCATIONS
from turnpike.errors import Problem
from turnpike.judge.facts import Change, Documents, Entry, Facts
from turnpike.judge.genesis import is_genesis
from turnpike.judge.hygiene import is_read, is_too_much
from turnpike.judge.layout import (
    CLOUDS_PATH,
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    deployment_of,
    environment_of,
    is_key,
    model_of,
    project_of,
    settlement_of,
    stop_of,
    waiver_of,
)

_Fault = tuple[str, str, str]
"""A field, what was expected there, and what was found."""


def contradictions(facts: Facts, name: str) -> tuple[Problem, ...]:
    """Return every place where facts contradict themselves; ``name`` is what holds them."""
    if is_genesis(facts):  # it stands on itself: nothing was changed, and nothing was there before
        return ()
    found = (
        *_merge(facts),
        *_commits(facts),
        *_changes(facts),
        *_files(facts),
        *_documents(facts),
        *_evidence(facts),
        *_record(facts),
    )
    return tuple(Problem(name, 0, *fault) for fault in found)


def _merge(facts: Facts) -> Iterator[_Fault]:
    merge, request = facts.merge, facts.pull_request
    if merge.conflicts and merge.merge_tree is not None:
        yield "merge.mergeTree", "null, because there are conflicts", merge.merge_tree
    if facts.changes and merge.merge_tree in (None, merge.base_tree):
        wanted = "a tree other than the base's, because paths differ"
        yield "merge.mergeTree", wanted, merge.merge_tree or "null"
    if request is not None and request.head != merge.head:
        yield "pullRequest.head", f"the head that is judged, {merge.head}", request.head


def _commits(facts: Facts) -> Iterator[_Fault]:
    ids = [commit.id for commit in facts.commits]
    head, base = facts.merge.head, facts.merge.base
    if facts.changes and not ids:
        yield "commits", "the commits that bring the changes", "none"
    if ids and ids[-1] != head:
        yield "commits", f"the head as the last one, {head}", ids[-1]
    if base in ids:
        yield "commits", "only what the base does not have", f"the base, {base}"
    yield from _twice("commits", ids)


def _changes(facts: Facts) -> Iterator[_Fault]:
    for number, change in enumerate(facts.changes):
        if change.old == change.new:
            yield f"changes.{number}", "two sides that differ", "the same on both"
    yield from _twice("changes", (change.path for change in facts.changes if change.plain))


def _twice(field: str, values: Iterable[str]) -> Iterator[_Fault]:
    for value, times in sorted(Counter(values).items()):
        if times > 1:
            yield field, "each one once", f"{value} {times} times"


def _files(facts: Facts) -> Iterator[_Fault]:
    """Whatever is small enough was read on both sides, and nothing where no file is."""
    if is_too_much(facts.changes):
        return
    leaking = {leak.path for leak in facts.leaks}
    for change in facts.changes:
        yield from _file("base", facts.base, change, change.old)
        if change.path not in leaking:
            yield from _file("head", facts.head, change, change.new)


def _file(side: str, documents: Documents, change: Change, entry: Entry | None) -> Iterator[_Fault]:
    field = f"{side}.contents.{change.path}"
    has = change.path in documents.contents
    if entry is None and has:
        yield field, f"none: by changes there is no file on the {side}'s side", "a digest"
    if entry is not None and is_read(entry.mode, entry.size) and not has:
        yield field, "the digest of the changed file", "none"


def _documents(facts: Facts) -> Iterator[_Fault]:
    """Whatever was read is there as a document, or among what does not parse."""
    unreadable = {one.path for one in facts.unreadable}
    for path in facts.base.contents:
        if not is_key(path) and not _has_document(facts.base, path):
            yield f"base.contents.{path}", "its document beside it", "none"
    for path in facts.head.contents:
        if path not in unreadable and not _has_document(facts.head, path):
            yield f"head.contents.{path}", "its document, or why it does not parse", "none"


def _has_document(side: Documents, path: str) -> bool:
    """Tell whether a side has the document of a path; of a path that is none it has all."""
    single = {
        ORGANISATION_PATH: side.organisation,
        SCHEDULE_PATH: side.schedule,
        CLOUDS_PATH: side.clouds,
    }
    if path in single:
        return single[path] is not None
    if path in LOCATIONS:
        is_it = path == side.codeowners_path and side.codeowners is not None
        return is_it or path in side.other_codeowners
    if is_key(path):
        return path in side.keys
    return _has_one_of_many(side, path)


def _has_one_of_many(side: Documents, path: str) -> bool:
    files: Mapping[str, Collection[str]] = {}
    if model_of(path):
        files = {"model.yaml": side.models, "card.md": side.cards}
    elif deployment_of(path):
        files = {"release.yaml": side.releases, "settings.yaml": side.settings}
    kept = files.get(path.rsplit("/", 1)[-1])
    named: tuple[tuple[str | None, Collection[str]], ...] = (
        (environment_of(path), side.environments),
        (stop_of(path), side.stops),
        (waiver_of(path), side.waivers),
        (settlement_of(path), side.settlements),
        (project_of(path), side.projects),
    )
    return (kept is None or path in kept) and all(not name or name in all_ for name, all_ in named)


def _evidence(facts: Facts) -> Iterator[_Fault]:
    digests = [envelope.digest() for envelope in facts.evidence]
    if any(before >= after for before, after in pairwise(digests)):
        yield "evidence", "each envelope once, in the order of their digests", "another order"
    for digest in sorted(set(facts.recorded) - set(digests)):
        yield "recorded", "digests of the evidence", digest


def _record(facts: Facts) -> Iterator[_Fault]:
    tip = facts.record
    known = [one is not None for one in (tip.tip, tip.previous, tip.last_clock)]
    if any(known) and not all(known):
        yield "record", "tip, previous and lastClock, or none of them", "some of them"
