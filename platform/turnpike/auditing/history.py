"""Every decision about one model: when, what, by whom, on what evidence, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from turnpike.auditing.heads import Heads
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope, statement_in
from turnpike.git.repository import Repository
from turnpike.judge.decision import Decision, Finding, Verdict
from turnpike.record import layout
from turnpike.record.layout import DECISION_TRAILER
from turnpike.record.record import Record
from turnpike.topology.key import Key


@dataclass(frozen=True, slots=True)
class Proof:
    """One statement on which a decision relied: its digest, what it says, and whose key signed."""

    digest: Digest
    predicate_type: str
    signer: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision; ``merge`` is the commit of main that carried it out, None without one.

    ``evidence`` are the statements about this model alone: a change may bring several models.

    ``author`` is who opened the pull request (empty for a change without one), ``approvers`` are
    the people who approved, by id.
    """

    decision: Digest
    at: datetime
    verdict: Verdict
    change_class: str
    subjects: tuple[str, ...]
    findings: tuple[Finding, ...]
    pull_request: int | None
    author: str
    approvers: tuple[str, ...]
    evidence: tuple[Proof, ...]
    base: ObjectId
    head: ObjectId
    merge: ObjectId | None


def history(
    repository: Repository, model: str, heads: Heads, keys: Iterable[Key] = ()
) -> tuple[Judgement, ...]:
    """Return every decision about ``team/model``, oldest first.

    ``keys`` give signers their names; a key that is not among them stands as its id.
    """
    record = Record(repository).at(heads.record)
    merges = _merges(repository, heads.main)
    names = {key.id: _signer(key) for key in keys}
    return tuple(
        _judgement(record, model, envelope, merges, names)
        for envelope in record.decisions_about(model)
    )


def _merges(repository: Repository, main: ObjectId) -> dict[str, ObjectId]:
    """Return the commit of main that carried out each decision, by the decision's digest."""
    commits = repository.commits(repository.first_parents(main))
    return {c.trailers[DECISION_TRAILER]: c.id for c in commits if DECISION_TRAILER in c.trailers}


def _judgement(
    record: Record,
    model: str,
    envelope: Envelope,
    merges: dict[str, ObjectId],
    names: dict[Digest, str],
) -> Judgement:
    digest = envelope.digest()
    decision = layout.decision_of(envelope)
    return Judgement(
        decision=digest,
        at=decision.decided_at,
        verdict=decision.verdict,
        change_class=decision.change_class,
        subjects=decision.subjects,
        findings=decision.findings,
        pull_request=decision.pull_request,
        author=_author(record.facts(decision.facts)),
        approvers=_approvers(decision),
        evidence=tuple(
            _proof(one, names)
            for one in record.statements(decision.evidence)
            if _is_about(one, model)
        ),
        base=decision.base,
        head=decision.head,
        merge=merges.get(digest),
    )


def _approvers(decision: Decision) -> tuple[str, ...]:
    return tuple(dict.fromkeys(who for r in decision.requirements for who in r.approved_by))


def _signer(key: Key) -> str:
    return key.name if key.name == key.role else f"{key.role} {key.name}"


def _author(facts: bytes) -> str:
    # Read as JSON: facts of another time may have another shape, and this has always been there.
    match json.loads(facts):
        case {"pullRequest": {"author": str(author)}}:
            return author
    return ""


def _is_about(envelope: Envelope, model: str) -> bool:
    """Tell whether a statement speaks of the model; one that no one can read might."""
    statement = statement_in(envelope)
    return statement is None or any(one.name == model for one in statement.subject)


def _proof(envelope: Envelope, names: dict[Digest, str]) -> Proof:
    statement = statement_in(envelope)
    kind = statement.predicate_type if statement else "unreadable"
    return Proof(envelope.digest(), kind, names.get(envelope.key_id(), envelope.key_id()))
