"""Where each entry of the record stands: a path follows from the content, and nothing else.

``facts|decisions|statements|outcomes/ab/<sha256>.json`` hold the entries. Empty files under
``index/`` make them findable without reading others: ``index/artifacts/ab/<sha256>/<statement>``,
``index/outcomes/ab/<decision>/<outcome>``, ``index/models/<team>/<model>/<decision>``,
``index/debts/<team>/<decision>``. ``tip.json`` alone is ever rewritten.
"""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from turnpike.documents.canonical import canonical, canonical_document
from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest, DigestText, digest_of
from turnpike.errors import IntegrityError
from turnpike.evidence.envelope import Envelope, statement_in
from turnpike.evidence.statement import DECISION, OUTCOME, Statement
from turnpike.judge.decision import DECISION as DECISION_DOCUMENT
from turnpike.judge.decision import Decision

TIP_PATH = "tip.json"
FOLDERS = ("facts", "decisions", "statements", "outcomes")
INDEX = "index/"
EMPTY = b""
DECISION_TRAILER = "Turnpike-Decision"
"""Under this name a merge on main says which decision it carries out."""
RECORD_TRAILER = "Turnpike-Record"
"""Under this name it says which commit of the record had that decision."""

_HEX = re.compile(r"[0-9a-f]{64}").fullmatch
_TEAM = re.compile(r"[a-z0-9-]{1,40}").fullmatch
_MODEL = re.compile(r"[a-z0-9-]{1,40}/[a-z0-9-]{1,40}").fullmatch


def path_of(folder: str, digest: Digest) -> str:
    """Return the path of the entry with that digest."""
    name = digest.removeprefix("sha256:")
    return f"{folder}/{name[:2]}/{name}.json"


def facts_path(content: bytes) -> str:
    """Return the path of facts by their canonical bytes."""
    return path_of("facts", digest_of(content))


def folder_of(statement: Statement) -> str:
    """Return the folder in which statements of that predicate are kept."""
    return {DECISION: "decisions", OUTCOME: "outcomes"}.get(statement.predicate_type, "statements")


def content_of(envelope: Envelope) -> bytes:
    """Return the bytes of an envelope's file, whose digest is the envelope's."""
    return canonical_document(envelope)


def statement_of(envelope: Envelope) -> Statement:
    """Return what an envelope says; raises IntegrityError where that is no statement."""
    statement = statement_in(envelope)
    if statement is None:
        raise IntegrityError(
            "Expected the canonical JSON of an in-toto Statement v1 in an envelope.",
            solution="Have it signed anew by the role that may say it.",
            code="record.no-statement",
        )
    return statement


def decision_in(statement: Statement) -> Decision | None:
    """Return the decision that a statement carries; None where it carries none that is whole."""
    if statement.predicate_type != DECISION:
        return None
    try:
        return DECISION_DOCUMENT.validate_json(canonical(statement.predicate))
    except ValidationError:
        return None


def decision_of(envelope: Envelope) -> Decision:
    """Return the decision in an envelope; raises IntegrityError where there is none."""
    decision = decision_in(statement_of(envelope))
    if decision is None:
        raise IntegrityError(
            f"Expected a decision in the envelope {envelope.digest()}, found something else.",
            solution="Run `turnpike verify`; it names everything that was changed.",
            code="record.broken",
        )
    return decision


def index_paths(digest: Digest, statement: Statement) -> frozenset[str]:
    """Return the index entries that an envelope with that digest must have."""
    name = digest.removeprefix("sha256:")
    decision = decision_in(statement)
    if decision is not None:
        folders = {model_folder(model) for model in models_of(decision)}
        folders |= {debt_folder(debt.team) for debt in decision.debts if _TEAM(debt.team)}
        return frozenset(f"{folder}/{name}" for folder in folders)
    outcome = statement.predicate_type == OUTCOME
    found = _carried_out(statement) if outcome else _artifacts(statement)
    kind = "outcomes" if outcome else "artifacts"
    return frozenset(f"{subject_folder(kind, hexes)}/{name}" for hexes in found if _HEX(hexes))


def _carried_out(statement: Statement) -> list[str]:
    return [str(statement.predicate.get("decision")).removeprefix("sha256:")]


def _artifacts(statement: Statement) -> list[str]:
    return [subject.digest.get("sha256", "") for subject in statement.subject]


def model_folder(model: str) -> str:
    """Return the folder of the decisions about ``team/model``."""
    return f"{INDEX}models/{model}"


def debt_folder(team: str) -> str:
    """Return the folder of the decisions that left a debt to a team."""
    return f"{INDEX}debts/{team}"


def subject_folder(kind: str, sha256: str) -> str:
    """Return the folder of what was said about one digest, in hexadecimal."""
    return f"{INDEX}{kind}/{sha256[:2]}/{sha256}"


_ABOUT_MODELS = ("model", "settings", "release", "render")


def models_of(decision: Decision) -> frozenset[str]:
    """Return the ``team/model`` pairs that a decision is about.

    A subject is ``team/model`` or ``environment/target/team/model``.
    """
    admitted = {f"{a.team}/{a.model}" for a in decision.admitted}
    if decision.change_class not in _ABOUT_MODELS:
        return frozenset(filter(_MODEL, admitted))
    named = (subject.split("/") for subject in decision.subjects)
    said = {"/".join(steps[-2:]) for steps in named if len(steps) in {2, 4}}
    return frozenset(model for model in admitted | said if _MODEL(model))


class Tip(Part):
    """How far the record has come: its decisions so far, and the last one with its clock."""

    sequence: int
    decision: DigestText | None
    clock: datetime | None

    def content(self) -> bytes:
        """Return the bytes of ``tip.json``."""
        return canonical_document(self)

    def after(self, digest: Digest, decision: Decision) -> Tip:
        """Return the tip once a decision is appended."""
        return Tip(sequence=self.sequence + 1, decision=digest, clock=decision.decided_at)


START = Tip(sequence=0, decision=None, clock=None)
TIP: TypeAdapter[Tip] = TypeAdapter(Tip)
