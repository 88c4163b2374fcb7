"""A past decision, found on the record and explained from what the record has of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from turnpike.change.gate import AskPolicies, explained, judge_again
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError, IntegrityError
from turnpike.explain.explanation import Explanation
from turnpike.judge.decision import Decision
from turnpike.judge.facts import FACTS
from turnpike.record.layout import DECISION_TRAILER, decision_of
from turnpike.record.record import Record

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")
_WHOLE = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Past:
    """A recorded decision, and what would have turned it into an allow; None after any other."""

    decision: Decision
    explanation: Explanation | None


def found_by_name(record: Record, name: str) -> Digest:
    """Return the decision that a digest, its beginning or a merge commit names.

    Raises InputError where the record has none such, or more than one.
    """
    if whole := _WHOLE.fullmatch(name):
        digest = Digest(f"sha256:{whole[1]}")
        record.decision(digest)
        return digest
    found = {*_begun_by(record, name), *_carried_out_by(record, name)}
    if len(found) == 1:
        return found.pop()
    raise InputError(
        f"{name}: expected a decision on the record or a merge commit of main, found"
        f" {len(found) or 'neither'}",
        code="explain.unknown",
        solution="`turnpike history TEAM/MODEL` lists decisions; name one by its whole digest.",
    )


def _begun_by(record: Record, name: str) -> Iterator[Digest]:
    begun = _DIGEST.fullmatch(name)
    if begun is None:
        return
    for digest, _ in _latest_first(record):
        if digest.startswith(f"sha256:{begun[1]}"):
            yield digest


def _carried_out_by(record: Record, revision: str) -> Iterator[Digest]:
    repository = record.repository
    try:
        commit = repository.commit(repository.resolve(revision))
    except InputError:
        return
    named = commit.trailers.get(DECISION_TRAILER, "")
    if _WHOLE.fullmatch(named):
        yield Digest(named)


def last_of_pull_request(record: Record, number: int) -> Digest:
    """Return the last decision on a pull request; raises InputError where there is none yet."""
    for digest, decision in _latest_first(record):
        if decision.pull_request == number:
            return digest
    raise InputError(
        f"pull request {number}: expected a decision on the record, found none",
        code="explain.undecided",
        solution=f"`turnpike gate --pr {number}` says what it would be now; `turnpike pr merge"
        f" {number}` records one.",
    )


def _latest_first(record: Record) -> Iterator[tuple[Digest, Decision]]:
    digest = record.tip().previous
    while digest is not None:
        decision = decision_of(record.decision(digest))
        yield digest, decision
        digest = decision.previous


def explain_past(record: Record, digest: Digest, asking: Callable[[ObjectId], AskPolicies]) -> Past:
    """Decide a recorded decision again and explain it; ``asking`` gives a base's own policies.

    Raises IntegrityError where the recorded facts do not lead to the recorded verdict.
    """
    recorded = decision_of(record.decision(digest))
    facts = FACTS.validate_json(record.facts(recorded.facts))
    ask = asking(recorded.base)
    again = judge_again(facts, ask)
    if again.decision.verdict != recorded.verdict:
        raise IntegrityError(
            f"{digest}: expected its facts to lead to {recorded.verdict} again, got"
            f" {again.decision.verdict}",
            code="explain.decided-otherwise",
            solution="Run `turnpike verify`, and judge with the Turnpike of that base.",
        )
    return Past(recorded, explained(again, ask))
