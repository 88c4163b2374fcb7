"""Merge a judged pull request: record the decision, build the commit, push it, record the outcome.

The order makes a crash harmless. A decision without a merge is only a decision; the one push that
moves main and adds the outcome to the record is the compare-and-swap. The merge commit itself names
its decision, so that an outcome which is missing from the record takes nothing away, and is added
by the next run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from turnpike.change.collect import Question, Sources
from turnpike.change.gate import AskPolicies, Judged, judge
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import CannotDecide, Defect, RepositoryChanged
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Outcome
from turnpike.forge.interface import Forge, Landing
from turnpike.git.objects import Identity
from turnpike.judge.facts import FACTS, Tools
from turnpike.judge.situation import CLOCK_BACKWARDS
from turnpike.record.layout import DECISION_TRAILER, RECORD_TRAILER, decision_of
from turnpike.record.record import Record
from turnpike.record.statements import statement_of_decision, statement_of_outcome
from turnpike.signing.interface import CommitSigner

MAIN = "refs/heads/main"
GATE = Identity("Turnpike gate", "gate@turnpike.dev")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that judging and merging needs; the clock is read once for each decision."""

    sources: Sources
    forge: Forge
    ask: AskPolicies
    genesis: ObjectId
    tools: Callable[[ObjectId], Tools]
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a pull request: its last decision and, after an allow, the merge commit."""

    judged: Judged
    decision: Digest
    commit: ObjectId | None


def question_about(gate: Gate, number: int) -> Question:
    """Read the pull request and main once, and return the question to be judged.

    Raises CannotDecide where the record is gone.
    """
    require_record(gate.sources.record)
    base = gate.sources.repository.resolve(MAIN)
    request = gate.forge.pull_request(number)
    return Question(
        genesis=gate.genesis,
        base=base,
        head=request.head,
        pull_request=request,
        attachments=gate.forge.attachments(number),
        clock=gate.clock(),
        tools=gate.tools(base),
    )


def require_record(record: Record) -> ObjectId:
    """Return where the record stands: an instance has one from its genesis on.

    Raises CannotDecide without one.
    """
    commit = record.commit()
    if commit is None:
        raise CannotDecide(
            "turnpike/record: expected the record of all decisions on the host, found no branch",
            code="record.missing",
            solution="Restore the branch from any clone, then run `turnpike verify`.",
        )
    return commit


def judge_pull_request(gate: Gate, number: int) -> Judged:
    """Return the decision on a pull request as it stands now; nothing is recorded.

    The record is read as it was before the clock: what another gate decides meanwhile would
    otherwise be later than this decision, which could then never be recorded.
    """
    record = gate.sources.record
    sources = replace(gate.sources, record=record.at(require_record(record)))
    return judge(sources, question_about(gate, number), gate.ask)


def merge_pull_request(gate: Gate, signer: CommitSigner, number: int) -> Merged:
    """Judge, record and, where the decision allows it, merge; judge again where anything moved.

    What main has already is only finished: an earlier run may have been stopped after its push.
    Raises RepositoryChanged where main, the record or the pull request moved five times in a row,
    CannotDecide where the clock stands earlier than the record's last entry.
    """
    landed = _landed(gate, number)
    if landed and landed.commit:
        _finish(gate, signer, number, landed.decision, landed.commit)
        return landed
    for _ in range(_TRIES):
        judged = judge_pull_request(gate, number)
        _require_recordable(judged)
        try:
            envelope, tip = _record_decision(gate, signer, judged)
        except RepositoryChanged:  # another gate decided meanwhile; nothing of ours is recorded
            continue
        if judged.decision.verdict != "allow":
            return Merged(judged, envelope.digest(), None)
        if gate.forge.pull_request(number) != judged.facts.pull_request:
            continue
        commit = _build(gate, signer, judged, envelope.digest(), tip)
        if _has_landed(gate, signer, number, commit, judged, envelope.digest()):
            return Merged(judged, envelope.digest(), commit)
    raise RepositoryChanged(
        f"pull request {number}: expected it and main to stand still for one decision, they moved"
        f" {_TRIES} times",
        solution="Merge again when fewer changes land at once.",
    )


def _require_recordable(judged: Judged) -> None:
    """A decision before the record's last one could never stand on it."""
    for finding in judged.decision.findings:
        if finding.code == CLOCK_BACKWARDS:
            raise CannotDecide(
                f"{finding.message} Expected {finding.expected}, found {finding.actual}.",
                code=finding.code,
                solution=finding.solution,
            )


def _landed(gate: Gate, number: int) -> Merged | None:
    """Return the merge of a pull request's head that main has, with the decision it carried out."""
    repository, record = gate.sources.repository, gate.sources.record
    head, main = gate.forge.pull_request(number).head, repository.resolve(MAIN)
    if not repository.is_ancestor(head, main):
        return None
    merges = repository.commits(repository.first_parents(main))
    commit = next((merge for merge in merges if merge.parents[1:] == (head,)), None)
    if commit is None:
        return None
    decision = Digest(commit.trailers[DECISION_TRAILER])
    recorded = decision_of(record.decision(decision))
    facts = FACTS.validate_json(record.facts(recorded.facts))
    return Merged(Judged(facts, recorded), decision, commit.id)


def _has_landed(
    gate: Gate,
    signer: CommitSigner,
    number: int,
    commit: ObjectId,
    judged: Judged,
    decision: Digest,
) -> bool:
    """Push the merge and its outcome; tell whether main still stood where it was judged.

    Where only the record went on meanwhile, the decision holds: the outcome is built once more.
    """
    base = judged.facts.merge.base
    for _ in range(_TRIES):
        tip = gate.sources.record.commit()
        outcome = _outcome_on(tip, gate, signer, decision, commit)
        try:
            gate.forge.land(number, Landing(commit, base, outcome, tip))
        except RepositoryChanged:
            if gate.sources.repository.resolve(MAIN) != base:
                return False
        else:
            return True
    return False


def _finish(
    gate: Gate, signer: CommitSigner, number: int, decision: Digest, commit: ObjectId
) -> None:
    """Record the outcome and note it at the host; what is there already stays as it is."""
    if not gate.sources.record.outcomes_of(decision):
        _record_outcome(gate, signer, decision, commit)
    gate.forge.mark_merged(number, commit)


def _record_decision(gate: Gate, signer: CommitSigner, judged: Judged) -> tuple[Envelope, ObjectId]:
    """Append the decision with its facts and the evidence that it rests on; return both names."""
    facts, decision = judged.facts, judged.decision
    envelope = signer.sign(statement_of_decision(decision))
    new = frozenset(decision.evidence) - frozenset(facts.recorded)
    evidence = [one for one in facts.evidence if one.digest() in new] if new else []
    tip = gate.sources.record.build(
        [*evidence, envelope],
        facts.record.tip,
        GATE,
        decision.decided_at,
        signer.sign_commit,
        facts=judged.content or canonical_document(facts),
    )
    gate.forge.push_record(tip, facts.record.tip)
    return envelope, tip


def _build(
    gate: Gate, signer: CommitSigner, judged: Judged, decision: Digest, tip: ObjectId
) -> ObjectId:
    """Write the merge commit: parents judged base and head, tree the judged tree, signed."""
    merge = judged.facts.merge
    if merge.merge_tree is None:
        raise Defect("an allow of a change that does not merge")
    request = judged.facts.pull_request
    title = request.title if request else "change"
    number = request.number if request else 0
    message = (
        f"Merge pull request {number}: {title}\n\n"
        f"{DECISION_TRAILER}: {decision}\n{RECORD_TRAILER}: {tip}\n"
    )
    return gate.sources.repository.write_commit(
        tree=merge.merge_tree,
        parents=(merge.base, merge.head),
        author=GATE,
        committer=GATE,
        message=message,
        when=judged.decision.decided_at,
        sign=signer.sign_commit,
    )


def _record_outcome(gate: Gate, signer: CommitSigner, decision: Digest, commit: ObjectId) -> None:
    for _ in range(_TRIES):
        tip = gate.sources.record.commit()
        try:
            gate.forge.push_record(_outcome_on(tip, gate, signer, decision, commit), tip)
        except RepositoryChanged:  # another gate appended meanwhile
            continue
        return


def _outcome_on(
    tip: ObjectId | None, gate: Gate, signer: CommitSigner, decision: Digest, commit: ObjectId
) -> ObjectId:
    """Write the record's commit that says what became of a decision, on top of ``tip``."""
    now = gate.clock()
    outcome = Outcome(decision=decision, merge=commit, finished_at=now)
    envelope = signer.sign(statement_of_outcome(outcome))
    return gate.sources.record.build([envelope], tip, GATE, now, signer.sign_commit)
