"""What is on the record about applies: that one begins, before it does, and how it ended.

The planner states it, and the gate, which alone writes the record, puts it there. An apply that
can't be recorded does not begin; one that has no end there may have changed anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from turnpike.documents.canonical import to_json
from turnpike.errors import CannotDecide, Defect, RepositoryChanged
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.plan import TerraformApply
from turnpike.evidence.statement import TERRAFORM_APPLY, Statement, statement_about
from turnpike.forge.interface import Forge
from turnpike.git.objects import Identity
from turnpike.infrastructure.applying import Approved
from turnpike.judge.layout import RootKey
from turnpike.judge.testimony import weigh
from turnpike.record.record import Record
from turnpike.signing.interface import CommitSigner, Signer
from turnpike.topology.key import Key

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Writer:
    """What puts a planner's statements on the record: both signers, the host, the clock."""

    record: Record
    forge: Forge
    planner: Signer
    gate: CommitSigner
    committer: Identity
    clock: Callable[[], datetime]

    def write(self, said: TerraformApply) -> None:
        """Sign and append; raises CannotDecide where the record never stands still."""
        envelope = self.planner.sign(statement_of_apply(said))
        for _ in range(_TRIES):
            tip = self.record.commit()
            commit = self.record.build(
                [envelope], tip, self.committer, self.clock(), self.gate.sign_commit
            )
            try:
                self.forge.push_record(commit, tip)
            except RepositoryChanged:  # another gate appended meanwhile
                continue
            return
        raise CannotDecide(
            f"{said.root}: expected the record to take that the apply of {said.plan} is"
            f" {said.state}, found it moved {_TRIES} times",
            code="terraform.not-recorded",
            solution="Run the same again when fewer changes are judged.",
        )


def statement_of_apply(said: TerraformApply) -> Statement:
    """Return the statement about the plan's file that is applied."""
    predicate = to_json(said)
    if not isinstance(predicate, dict):
        raise Defect("an apply that is no object")
    return statement_about(said.root, said.plan, TERRAFORM_APPLY, predicate)


@contextmanager
def on_record(writer: Writer, root: RootKey, approved: Approved) -> Iterator[None]:
    """Record that an apply begins, let it run, and record how it ended, whatever ends it."""

    def write(state: str) -> None:
        writer.write(
            TerraformApply.model_validate(
                {
                    "root": str(root),
                    "plan": approved.plan.plan,
                    "decision": approved.decision,
                    "state": state,
                    "at": writer.clock(),
                }
            )
        )

    write("begun")
    with ExitStack() as unless_applied:
        unless_applied.callback(write, "failed")
        yield
        unless_applied.pop_all()
    write("applied")


@dataclass(frozen=True, slots=True)
class Applied:
    """One statement of an apply that counts, and the name of the key that signed it."""

    said: TerraformApply
    signer: str


def applies_of(
    envelopes: Iterable[Envelope], keys: Iterable[Key], now: datetime
) -> tuple[Applied, ...]:
    """Return what planners said of applies, oldest first; a key whose time is over counts too."""
    heard = weigh(envelopes, keys, now)
    found = (
        Applied(one.predicate, one.key.name)
        for one in (*heard.testimony, *heard.lapsed)
        if isinstance(one.predicate, TerraformApply)
    )
    return tuple(sorted(found, key=lambda one: (one.said.at, one.said.state != "begun")))
