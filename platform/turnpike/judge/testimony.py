"""Step 4: which statements count, by signature, role, form and time; and why the others do not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope, is_signed_by, statement_in
from turnpike.evidence.plan import TerraformApply, TerraformPlan
from turnpike.evidence.predicates import (
    Observation,
    ScanResult,
    ValidationResult,
)
from turnpike.evidence.statement import (
    DECISION,
    ISSUED_BY,
    OBSERVATION,
    SCAN,
    TERRAFORM_APPLY,
    TERRAFORM_PLAN,
    VALIDATION,
    Statement,
)
from turnpike.judge.decision import Debt, Decision, Finding
from turnpike.judge.facts import Facts
from turnpike.topology.key import Key

Predicate = (
    ValidationResult | ScanResult | Observation | Decision | TerraformPlan | TerraformApply | None
)

_PREDICATES: dict[str, TypeAdapter[Predicate]] = {
    VALIDATION: TypeAdapter(ValidationResult),
    SCAN: TypeAdapter(ScanResult),
    OBSERVATION: TypeAdapter(Observation),
    DECISION: TypeAdapter(Decision),
    TERRAFORM_PLAN: TypeAdapter(TerraformPlan),
    TERRAFORM_APPLY: TypeAdapter(TerraformApply),
}
"""The predicates that the judge reads into; the presence alone of any other one counts."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """A statement that counts: who signed it, what it says, the digest of its envelope."""

    statement: Statement
    predicate: Predicate
    key: Key
    envelope: Digest


@dataclass(frozen=True, slots=True)
class Hearing:
    """What counts of everything that was offered, and a note on each thing that does not.

    ``lapsed`` counts for nothing that is new: its key was never revoked, but its time is over.
    """

    testimony: tuple[Testimony, ...]
    notes: tuple[Finding, ...]
    lapsed: tuple[Testimony, ...] = ()


def hear(facts: Facts) -> Hearing:
    """Weigh all evidence of the facts; the same envelope offered twice counts once."""
    return weigh(facts.evidence, facts.keys, facts.clock)


def decisions_in(facts: Facts) -> dict[Digest, Decision]:
    """Return the earlier decisions that the facts carry and a gate's key really signed."""
    heard = weigh(facts.admissions, facts.keys, facts.clock).testimony
    return {one.envelope: one.predicate for one in heard if isinstance(one.predicate, Decision)}


def debts_in(facts: Facts) -> tuple[Debt, ...]:
    """Return the debts of the earlier allows that the facts carry and a gate really signed."""
    return tuple(debt for one in indebted_in(facts) for debt in one.debts)


def indebted_in(facts: Facts) -> tuple[Decision, ...]:
    """Return the earlier allows that the facts carry for their debts and a gate really signed."""
    heard = weigh(facts.debts, facts.keys, facts.clock).testimony
    allowed = (one.predicate for one in heard if isinstance(one.predicate, Decision))
    return tuple(one for one in allowed if one.verdict == "allow")


def weigh(envelopes: Iterable[Envelope], known: Iterable[Key], clock: datetime) -> Hearing:
    """Weigh envelopes by the keys that are known, as at one reading of the clock."""
    keys = {key.id: key for key in known}
    counted: dict[Digest, Testimony] = {}
    lapsed: dict[Digest, Testimony] = {}
    notes: list[Finding] = []
    for envelope in envelopes:
        heard = _hear_one(clock, keys, envelope)
        if isinstance(heard, Testimony):
            counted[heard.envelope] = heard
            continue
        notes.append(heard)
        if (late := _lapsed(clock, keys, envelope)) is not None:
            lapsed[late.envelope] = late
    return Hearing(
        testimony=tuple(counted[digest] for digest in sorted(counted)),
        notes=tuple(sorted(notes, key=lambda note: (note.code, note.subject))),
        lapsed=tuple(lapsed[digest] for digest in sorted(lapsed)),
    )


def by_artifact(heard: Iterable[Testimony]) -> dict[Digest, tuple[Testimony, ...]]:
    """Return what was said of each artifact, in order, so that a large change looks it up once."""
    found: dict[Digest, list[Testimony]] = defaultdict(list)
    for one in heard:
        named = {subject.digest.get("sha256") for subject in one.statement.subject}
        for digest in named - {None}:
            found[Digest(f"sha256:{digest}")].append(one)
    return {artifact: tuple(said) for artifact, said in found.items()}


def _hear_one(clock: datetime, keys: dict[Digest, Key], envelope: Envelope) -> Testimony | Finding:
    digest = envelope.digest()
    key = keys.get(envelope.key_id())
    if key is None:
        known = "a key in policies/keys/ on main"
        return _note("evidence.unknown-key", digest, known, envelope.key_id())
    if not key.is_valid_at(clock):
        moment = clock.isoformat()
        return _note("evidence.key-not-valid", digest, f"a key valid at {moment}", key.name)
    if not is_signed_by(envelope, key):
        return _note("evidence.bad-signature", digest, f"a signature by {key.name}", "another")
    return _hear_signed(envelope, key, digest)


def _lapsed(clock: datetime, keys: dict[Digest, Key], envelope: Envelope) -> Testimony | None:
    """Return what a statement says whose key has had its time, and was not revoked in it."""
    key = keys.get(envelope.key_id())
    if key is None or clock < key.valid_until or key.revoked_at is not None:
        return None
    if not is_signed_by(envelope, key):
        return None
    heard = _hear_signed(envelope, key, envelope.digest())
    return heard if isinstance(heard, Testimony) else None


def _hear_signed(envelope: Envelope, key: Key, digest: Digest) -> Testimony | Finding:
    statement = statement_in(envelope)
    if statement is None:
        return _note("evidence.malformed", digest, "a canonical in-toto statement", "other bytes")
    role = ISSUED_BY.get(statement.predicate_type)
    if role != key.role:
        expected = f"a {role} for {statement.predicate_type}" if role else "a known predicate type"
        return _note("evidence.wrong-role", digest, expected, f"the {key.role} {key.name}")
    return _read_predicate(statement, key, digest)


def _read_predicate(statement: Statement, key: Key, digest: Digest) -> Testimony | Finding:
    try:
        return Testimony(statement, _predicate_of(statement), key, digest)
    except ValidationError as error:
        wanted = f"a predicate by the schema of {statement.predicate_type}"
        return _note("evidence.malformed", digest, wanted, f"{error.error_count()} problems")


def _predicate_of(statement: Statement) -> Predicate:
    schema = _PREDICATES.get(statement.predicate_type)
    return schema.validate_json(json.dumps(statement.predicate)) if schema else None


def _note(code: str, subject: Digest, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=subject,
        expected=expected,
        actual=actual,
        message="A statement was offered that does not count.",
        solution="Produce the evidence again with `turnpike validate`; see docs/glossary.md.",
    )
