"""Find the decision that admitted a manifest: a release must name it."""

from __future__ import annotations

import json

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.evidence.envelope import Envelope, statement_in
from turnpike.git.repository import Repository
from turnpike.judge.decision import DECISION, Decision
from turnpike.judge.layout import ModelKey
from turnpike.promotion.plan import Admitted
from turnpike.promotion.standing import manifest_on
from turnpike.record.record import Record


def admitted_on(
    repository: Repository, record: Record, commit: ObjectId, key: ModelKey
) -> Admitted:
    """Return a model's manifest on a commit with the newest decision that admitted it.

    Raises InputError where there is no such manifest, or where no decision let it in.
    """
    found = manifest_on(repository, commit, key)
    if found is None:
        raise InputError(
            f"{key.manifest_path}: expected a manifest on main, found none",
            code="release.unknown-model",
            solution="Merge the model's pull request first; `turnpike pr list` shows them.",
        )
    blob, model = found
    for envelope in reversed(record.decisions_about(str(key))):
        decision = decision_in(envelope)
        if model.artifact and decision and decision.admits(model.artifact.digest, blob):
            return Admitted(model, blob, envelope.digest())
    raise InputError(
        f"{key.manifest_path} on main: expected a decision that admitted it, found none",
        code="release.not-admitted",
        solution=f"`turnpike history {key}` shows what was decided about it.",
    )


def decision_in(envelope: Envelope) -> Decision | None:
    """Return the decision in an envelope of the record; None where it holds something else."""
    statement = statement_in(envelope)
    if statement is None or "changeClass" not in statement.predicate:
        return None
    return DECISION.validate_json(json.dumps(statement.predicate))
