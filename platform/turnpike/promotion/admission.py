"""Find the decision that admitted a manifest: a release must name it."""

from __future__ import annotations

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from turnpike.judge.layout import ModelKey
from turnpike.promotion.plan import Admitted
from turnpike.promotion.standing import manifest_on
from turnpike.record.layout import decision_of
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
        if model.artifact and decision_of(envelope).admits(model.artifact.digest, blob):
            return Admitted(model, blob, envelope.digest())
    raise InputError(
        f"{key.manifest_path} on main: expected a decision that admitted it, found none",
        code="release.not-admitted",
        solution=f"`turnpike history {key}` shows what was decided about it.",
    )
