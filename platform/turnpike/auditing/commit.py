"""Whether one commit of main carries out a recorded allow, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from turnpike.auditing.omission import left_out_of
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError, IntegrityError
from turnpike.evidence.envelope import Envelope, is_signed_by
from turnpike.forge.refs import RECORD
from turnpike.git.objects import CommitObject
from turnpike.git.repository import Repository
from turnpike.judge.decision import Decision
from turnpike.record import layout
from turnpike.record.keys import keys_at
from turnpike.record.layout import DECISION_TRAILER, RECORD_TRAILER
from turnpike.record.record import Record
from turnpike.signing.ssh import ssh_line_of, verify_ssh
from turnpike.topology.key import Key

NAMESPACE = "git"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a merge is checked against: the record's commits, newest first, and the genesis."""

    genesis: ObjectId
    record: tuple[ObjectId, ...]


def ground_of(repository: Repository, genesis: ObjectId, record: ObjectId) -> Ground:
    """Return the ground that a record's newest commit gives."""
    return Ground(genesis, repository.first_parents(record))


def check_merge(
    repository: Repository,
    old: ObjectId,
    new: ObjectId,
    ground: Ground,
    keys: tuple[Key, ...],
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Return what is wrong with moving main from ``old`` to ``new``: nothing for a judged merge.

    ``keys`` are those of ``old`` (``keys_at``). ``now`` is the host's clock, at which the decision
    must still be valid; an auditor, later, leaves it out.
    """
    commit = repository.commit(new)
    decision = commit.trailers.get(DECISION_TRAILER, "")
    recorded = ObjectId(commit.trailers.get(RECORD_TRAILER, ""))
    if not (decision and recorded):
        return (f"expected the trailers {DECISION_TRAILER} and {RECORD_TRAILER}, found none",)
    if recorded not in ground.record:
        return (f"its {RECORD_TRAILER} {recorded} is not on the record (git fetch origin?)",)
    try:
        envelope = Record(repository).at(recorded).decision(Digest(decision))
        check = _MergeCheck(repository, old, commit, envelope, recorded, keys)
        return tuple(check.faults(ground.genesis, now))
    except (InputError, IntegrityError) as error:
        return (error.message,)


def check_move(
    repository: Repository,
    genesis: ObjectId,
    old: ObjectId,
    new: ObjectId,
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Return what is wrong with one move of main, by the record and the keys as they stand here.

    As ``check_merge``, for who looks at a single move.
    """
    ground = ground_of(repository, genesis, repository.resolve(RECORD))
    return check_merge(repository, old, new, ground, keys_at(repository, old), now)


@dataclass(frozen=True, slots=True)
class _MergeCheck:
    repository: Repository
    old: ObjectId
    commit: CommitObject
    envelope: Envelope
    recorded: ObjectId
    keys: tuple[Key, ...]

    def faults(self, genesis: ObjectId, now: datetime | None) -> Iterator[str]:
        """Yield each way in which the commit is not what was decided."""
        decision = layout.decision_in(layout.statement_of(self.envelope))
        if decision is None:
            yield "what its trailer names is no decision"
            return
        yield from self._signature_faults(decision)
        yield from _differences(self._wanted(decision, genesis), self._found(decision))
        yield from self._time_faults(decision, now)
        # Raises where the facts are missing or have another digest.
        facts = Record(self.repository).at(self.recorded).facts(decision.facts)
        for left_out in left_out_of(facts, self.repository):
            yield f"its facts leave out the statement {left_out}, which the record had"

    def _wanted(self, decision: Decision, genesis: ObjectId) -> dict[str, str]:
        return {
            "verdict": "allow",
            "genesis": genesis,
            "base": self.old,
            "parents": f"{decision.base} {decision.head}",
            "tree": str(decision.merge_tree),
        }

    def _found(self, decision: Decision) -> dict[str, str]:
        return {
            "verdict": decision.verdict,
            "genesis": decision.genesis,
            "base": decision.base,
            "parents": " ".join(self.commit.parents),
            "tree": self.commit.tree,
        }

    def _signature_faults(self, decision: Decision) -> Iterator[str]:
        deciders = gate_keys(self.keys, decision.decided_at)
        if not any(is_signed_by(self.envelope, key) for key in deciders):
            yield "its decision is not signed by a gate key that was valid when it was made"
        if not is_signed_commit(self.commit, self.keys):
            yield "the commit is not signed by a gate key that is valid at its time"

    def _time_faults(self, decision: Decision, now: datetime | None) -> Iterator[str]:
        # A commit's time has whole seconds.
        start = decision.decided_at - timedelta(seconds=1)
        for what, moment in (("it was merged", self.commit.committer.time), ("it is now", now)):
            if moment is not None and not start <= moment <= decision.valid_until:
                yield (
                    f"{what} at {moment.isoformat()}, and the decision held from "
                    f"{decision.decided_at.isoformat()} until {decision.valid_until.isoformat()}"
                )


def gate_keys(keys: tuple[Key, ...], moment: datetime) -> tuple[Key, ...]:
    """Return the keys with which the gate may have signed at a moment."""
    return tuple(key for key in keys if key.role == "gate" and key.is_valid_at(moment))


def is_signed_commit(commit: CommitObject, keys: tuple[Key, ...]) -> bool:
    """Tell whether a gate key, valid at the commit's own time, signed the commit."""
    if commit.signature is None:
        return False
    lines = (ssh_line_of(key) for key in gate_keys(keys, commit.committer.time))
    return any(verify_ssh(line, NAMESPACE, commit.signed, commit.signature) for line in lines)


def _differences(wanted: dict[str, str], found: dict[str, str]) -> Iterator[str]:
    for what, expected in wanted.items():
        if found[what] != expected:
            yield f"{what}: expected {expected}, found {found[what] or 'none'}"
