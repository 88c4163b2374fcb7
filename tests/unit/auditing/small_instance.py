"""A small instance with real keys, a real repository, a record, and a gate that merges as it must.

Every step takes one second of its own clock. What the gate does can be bent, one way at a time.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from turnpike.auditing.heads import Heads
from turnpike.auditing.verify import Report, verify
from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.evidence.envelope import Envelope, envelope_of
from turnpike.evidence.predicates import Outcome
from turnpike.evidence.statement import VALIDATION, Statement, payload_of, statement_about
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository
from turnpike.judge.decision import Admission, Decision, Requirement
from turnpike.judge.layout import key_path
from turnpike.record.record import Record
from turnpike.record.statements import statement_of_decision, statement_of_outcome
from turnpike.signing.keys import create_key, key_yaml, private_file_of
from turnpike.signing.service import RoleKey, load
from turnpike.signing.ssh import create_ssh_key, sign_ssh
from turnpike.topology.key import Key, Role

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAIN = "refs/heads/main"
GATE = Identity("Turnpike", "gate@example.com")
ANN = Identity("Ann", "ann@example.com")
ARTIFACT = digest_of(b"the artifact")
MODEL = "oncology/tumour-malignancy"


@dataclass(frozen=True, slots=True)
class InProcessSigner:
    """A role's signer without the process around it."""

    key: Key
    private: RoleKey

    def sign(self, statement: Statement) -> Envelope:
        signature = self.private.sign_statement(payload_of(statement))
        return envelope_of(statement, self.key.id, base64.b64decode(signature))

    def sign_commit(self, signed: bytes) -> str:
        return self.private.sign_commit(signed)


def new_signer(role: Role, folder: Path, name: str = "") -> InProcessSigner:
    name = name or f"{role}-key"
    key = create_key(role, name, folder, START - timedelta(days=1), START + timedelta(days=365))
    return InProcessSigner(key, load(role, private_file_of(folder, name)))


@dataclass(frozen=True, slots=True)
class Bent:
    """How one merge commit differs from what it should be."""

    tree: ObjectId | None = None
    parents: tuple[ObjectId, ...] | None = None
    message: str | None = None
    recorded: ObjectId | None = None
    when: datetime | None = None
    signer: InProcessSigner | None = None
    signed: bool = True


@dataclass
class SmallInstance:
    folder: Path
    now: datetime = START
    merges: list[ObjectId] = field(default_factory=list)

    def __post_init__(self) -> None:
        keys = self.folder / "keys"
        self.gate = new_signer("gate", keys)
        self.validator = new_signer("validator", keys)
        self.root = create_ssh_key(keys / "root", "root")
        self.repository = Repository.create(self.folder / "host.git")
        self.record = Record(self.repository)
        self.genesis = self._genesis()
        self.repository.update_ref(MAIN, self.genesis, None)
        decision = self.decision(self.genesis, self.genesis, previous=None, change_class="genesis")
        self.append(decision)

    def _genesis(self) -> ObjectId:
        files = {
            key_path(signer.key.name): key_yaml(signer.key)
            for signer in (self.gate, self.validator)
        }
        tree = self.repository.write_tree_with(EMPTY_TREE, files)
        root_file = self.folder / "keys" / "root"
        return self.repository.write_commit(
            tree, (), GATE, GATE, "Begin\n", self.now, lambda text: sign_ssh(root_file, "git", text)
        )

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def main(self) -> ObjectId:
        return self.repository.resolve(MAIN)

    def heads(self) -> Heads:
        return Heads(self.main(), self.record_tip())

    def record_tip(self) -> ObjectId:
        commit = self.record.commit()
        assert commit
        return commit

    def branch(self, files: dict[str, bytes | None], base: ObjectId | None = None) -> ObjectId:
        base = base or self.main()
        tree = self.repository.write_tree_with(base, files)
        return self.repository.write_commit(tree, (base,), ANN, ANN, "Change\n", self.tick())

    def facts(self) -> bytes:
        clock = self.now.isoformat()
        return canonical({"kind": "Facts", "clock": clock, "pullRequest": {"author": "ann"}})

    def decision(self, base: ObjectId, head: ObjectId, **bent: object) -> Decision:
        merged = self.repository.merge_tree(base, head).tree
        fields: dict[str, object] = {
            "api_version": "turnpike.dev/v1",
            "kind": "Decision",
            "facts": digest_of(self.facts()),
            "previous": self.record.tip().previous,
            "genesis": getattr(self, "genesis", base),
            "base": base,
            "head": head,
            "merge_tree": merged,
            "pull_request": 1,
            "change_class": "model",
            "subjects": (MODEL,),
            "verdict": "allow",
            "findings": (),
            "notes": (),
            "requirements": (
                Requirement(group="oncology", count=1, reason="owners", approved_by=("bob",)),
            ),
            "evidence": (),
            "admitted": (
                Admission(
                    team="oncology",
                    model="tumour-malignancy",
                    version="1",
                    artifact=ARTIFACT,
                    manifest=base,
                ),
            ),
            "decided_at": self.now,
            "valid_until": self.now + timedelta(minutes=10),
        }
        return Decision.model_validate({**fields, **bent})

    def append(
        self, decision: Decision, *more: Envelope, signer: InProcessSigner | None = None
    ) -> Digest:
        envelope = (signer or self.gate).sign(statement_of_decision(decision))
        facts = self.facts()
        sign = self.gate.sign_commit
        tip = self.record.commit()
        self.record.append((envelope, *more), tip, GATE, self.tick(), sign, facts=facts)
        return envelope.digest()

    def add(self, *envelopes: Envelope) -> ObjectId:
        """Append statements without a decision."""
        tip = self.record.commit()
        return self.record.append(envelopes, tip, GATE, self.tick(), self.gate.sign_commit)

    def validation(self, artifact: Digest = ARTIFACT, said: str = "passed") -> Envelope:
        return self.validator.sign(statement_about(MODEL, artifact, VALIDATION, {"said": said}))

    def merge_commit(
        self, decision: Decision, digest: Digest, bent: Bent | None = None
    ) -> ObjectId:
        """Write the merge commit of a decision, without moving main."""
        bent = bent or Bent()
        recorded = bent.recorded or self.record.commit()
        message = f"Merge\n\nTurnpike-Decision: {digest}\nTurnpike-Record: {recorded}\n"
        return self.repository.write_commit(
            bent.tree or decision.merge_tree or EMPTY_TREE,
            bent.parents or (decision.base, decision.head),
            GATE,
            GATE,
            message if bent.message is None else bent.message,
            bent.when or self.tick(),
            (bent.signer or self.gate).sign_commit if bent.signed else None,
        )

    def merge(self, files: dict[str, bytes | None], **bent: object) -> ObjectId:
        """Decide, record, merge and record the outcome."""
        base = self.main()
        decision = self.decision(base, self.branch(files), **bent)
        digest = self.append(decision)
        commit = self.merge_commit(decision, digest)
        self.repository.update_ref(MAIN, commit, base)
        self.merges.append(commit)
        outcome = Outcome(decision=digest, merge=commit, finished_at=self.tick())
        self.add(self.gate.sign(statement_of_outcome(outcome)))
        return commit

    def verify(self) -> Report:
        return verify(self.repository, self.genesis, self.root)
