"""Every decision on the record, decided once more by the code and the policies of its time.

The base commit of a decision holds the judge's code and the policies, and the facts name both by
digest. So a clone alone is enough to decide again, and the bytes must be the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from turnpike.auditing.difference import first_difference
from turnpike.auditing.heads import Heads
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import IntegrityError, TurnpikeError
from turnpike.git.repository import Repository
from turnpike.judge.decision import Decision
from turnpike.record.layout import DECISION_TRAILER, decision_of, statement_of
from turnpike.record.record import Record

CODE = "platform/turnpike"

Result = Literal["same", "different", "unreadable"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision on the record: what it says, its facts, and the base that judged."""

    digest: Digest
    decision: Decision
    said: JsonValue
    facts: bytes
    base: ObjectId


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one decision: ``field`` is the first that differs, with both values.

    ``decision`` and its details are empty where the record does not even hold it.
    """

    digest: str
    decision: Decision | None
    result: Result
    field: str = ""
    expected: str = ""
    actual: str = ""


DecideAgain = Callable[[Sequence[Recorded]], Sequence[JsonValue | TurnpikeError]]
"""Decides again, in the order given, each by the code and policies of its base."""


def digests_on(repository: Repository, heads: Heads) -> tuple[Digest, ...]:
    """Return every decision on the record, oldest first."""
    record = Record(repository).at(heads.record)
    found: list[Digest] = []
    digest = record.tip().previous
    while digest is not None:
        found.append(digest)
        digest = decision_of(record.decision(digest)).previous
    return tuple(reversed(found))


def digests_in(repository: Repository, heads: Heads, span: str) -> tuple[Digest, ...]:
    """Return the decisions that commits of main carried out, oldest first.

    ``span`` is ``A..B`` (after A, up to B), ``A..`` (up to main's newest) or ``B`` (since genesis).
    Raises InputError for a revision that the clone does not have.
    """
    since, dots, until = span.partition("..")
    until = until if dots else since
    newest = repository.resolve(until) if until else heads.main
    oldest = repository.resolve(since) if dots and since else None
    line = repository.commits(reversed(repository.first_parents(newest, oldest)))
    genesis = digests_on(repository, heads)[:1] if oldest is None else ()
    named = (commit.trailers.get(DECISION_TRAILER) for commit in line if commit.parents)
    return (*genesis, *(Digest(name or "no decision") for name in named))


def replay(
    repository: Repository, heads: Heads, wanted: Sequence[Digest], again: DecideAgain
) -> Iterator[Replayed]:
    """Yield what becomes of each decision when it is made again; see ``Replayed``.

    ``unreadable`` is one whose facts, base, code or policies the clone lacks.
    """
    main = frozenset(repository.first_parents(heads.main))
    found = [_recorded(repository, heads, main, digest) for digest in wanted]
    readable = [one for one in found if isinstance(one, Recorded)]
    answers = iter(again(readable))
    for one in found:
        yield _compared(one, next(answers)) if isinstance(one, Recorded) else one


def _recorded(
    repository: Repository, heads: Heads, main: frozenset[ObjectId], digest: Digest
) -> Recorded | Replayed:
    record = Record(repository).at(heads.record)
    decision: Decision | None = None
    try:
        envelope = record.decision(digest)
        decision, said = decision_of(envelope), statement_of(envelope).predicate
        facts = record.facts(decision.facts)
        base, code = _names_in(facts)
        if base not in main:
            return _unreadable(digest, decision, "base", "a commit of main", base)
        held = repository.tree_id(base, CODE)
    except TurnpikeError as error:
        return _failed(digest, decision, error)
    if held != code:
        return Replayed(digest, decision, "different", "facts.tools.turnpike", str(held), code)
    return Recorded(digest, decision, said, facts, base)


def _names_in(facts: bytes) -> tuple[ObjectId, str]:
    """Return the base and the tree of code that facts name.

    Read as JSON: facts of another time may have another shape, and these have always been there.
    """
    try:
        said = json.loads(facts)
    except (ValueError, RecursionError):
        said = None  # as foreign as another shape
    match said:
        case {"merge": {"base": str(base)}, "tools": {"turnpike": str(code)}}:
            return ObjectId(base), code
    raise IntegrityError("Expected facts that name merge.base and tools.turnpike, found others.")


def _compared(one: Recorded, answer: JsonValue | TurnpikeError) -> Replayed:
    if isinstance(answer, TurnpikeError):
        return _failed(one.digest, one.decision, answer)
    difference = first_difference(one.said, answer)
    if difference is None:
        return Replayed(one.digest, one.decision, "same")
    return Replayed(one.digest, one.decision, "different", *difference)


def _failed(digest: Digest, decision: Decision | None, error: TurnpikeError) -> Replayed:
    """Tell what was edited on the record from what is only not there, or does not run here."""
    if isinstance(error, IntegrityError):
        wanted = "what its digest names"
        return Replayed(digest, decision, "different", error.code, wanted, error.message)
    return _unreadable(digest, decision, error.code, "to be decided again", error.message)


def _unreadable(
    digest: Digest, decision: Decision | None, field: str, expected: str, actual: str
) -> Replayed:
    return Replayed(digest, decision, "unreadable", field, expected, actual)
