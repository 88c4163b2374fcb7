"""What the judge says, and on which facts."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Digest, DigestText, ObjectIdText

Verdict = Literal["allow", "deny", "undecided"]
ChangeClass = Literal[
    "model", "settings", "release", "render", "policy", "organisation", "platform",
    "environment", "stop", "waiver", "settlement", "terraform", "docs", "genesis", "none",
]  # fmt: skip

EXIT_CODES: dict[Verdict, int] = {"allow": 0, "deny": 1, "undecided": 3}


class Finding(Part):
    """One reason against a change: a stable code, what was expected and found, and what to do.

    ``subject`` is what it is about: a path, ``team/model``, or ``environment/target/team/model``.
    """

    code: str
    subject: str
    expected: str
    actual: str
    message: str
    solution: str


class Admission(Part):
    """A model that this decision lets in: its bytes and the manifest that was judged."""

    team: str
    model: str
    version: str
    artifact: DigestText
    manifest: ObjectIdText


class AdmittedPlan(Part):
    """A plan that this decision lets be applied: of which root, of which bytes, by which file.

    ``inputs`` is the digest of the root's inputs, ``plan`` that of the plan's file, ``statement``
    that of the planner's envelope.
    """

    root: str
    inputs: DigestText
    plan: DigestText
    statement: DigestText


class Requirement(Part):
    """How many members of a group must approve, why, and who did."""

    group: str
    count: int
    reason: str
    approved_by: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        """Tell whether enough of the group approved."""
        return len(self.approved_by) >= self.count


class Waived(Part):
    """A finding that was taken away, and what took it away: a waiver's name, who answers for it."""

    code: str
    subject: str
    expected: str
    actual: str
    waiver: str
    reason: str
    approver: str
    expires_at: AwareDatetime


class Debt(Part):
    """What is owed after an emergency: a review by two others, and the approvals it left out.

    ``author`` and ``commander`` are those who cannot review it; unpaid when ``due``, it blocks the
    team's ordinary changes.
    """

    team: str
    deployment: str
    incident: str
    reason: str
    commander: str
    author: str
    due: AwareDatetime


class Decision(Document):
    """The verdict on one change; it names its facts by digest and the decision before it.

    ``notes`` tell what was offered but did not count (a review of another commit, a statement of a
    wrong role) and why, and what a plan costs; they never change the verdict.
    """

    kind: Literal["Decision"]
    facts: DigestText
    previous: DigestText | None
    genesis: ObjectIdText
    base: ObjectIdText
    head: ObjectIdText
    merge_tree: ObjectIdText | None
    pull_request: int | None
    change_class: ChangeClass
    subjects: tuple[str, ...]
    verdict: Verdict
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    requirements: tuple[Requirement, ...]
    evidence: tuple[DigestText, ...]
    admitted: tuple[Admission, ...]
    plans: tuple[AdmittedPlan, ...] = ()
    waived: tuple[Waived, ...] = ()
    debts: tuple[Debt, ...] = ()
    decided_at: AwareDatetime
    valid_until: AwareDatetime

    def noted(self, code: str, subject: str) -> str:
        """Return what the note of that code tells of a subject; nothing where there is none."""
        found = (n.actual for n in self.notes if (n.code, n.subject) == (code, subject))
        return next(found, "")

    def admits(self, artifact: Digest, manifest: str) -> bool:
        """Tell whether this decision let in those bytes with that manifest."""
        wanted = (artifact, manifest)
        return any((a.artifact, a.manifest) == wanted for a in self.admitted)


DECISION: TypeAdapter[Decision] = TypeAdapter(Decision)
