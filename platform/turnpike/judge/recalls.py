"""What main recalls: a stop names what is bad, and it reached what stands in a deployment."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope, is_signed_by, statement_in
from turnpike.evidence.statement import ISSUED_BY
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.movement import stops_of
from turnpike.judge.suspect import Suspect, reason_of
from turnpike.manifest.model import GenerativeModel, PredictiveModel

_Manifest = PredictiveModel | GenerativeModel


def recall_of(facts: Facts, key: DeploymentKey) -> tuple[str, str] | None:
    """Return which stop on main recalls what stands in a deployment, and how that was reached.

    None where no stop does, or where nothing tells the judge itself that it was reached.
    """
    release = facts.base.releases.get(key.path("release.yaml"))
    environment = facts.base.environments.get(key.environment)
    target = environment.target(key.target) if environment else None
    manifest = facts.head.model_blobs.get(release.manifest) if release else None
    if target is None or manifest is None:
        return None
    for stop in stops_of(facts.base.stops.values(), key, target):
        if stop.recalls is not None:
            suspect = Suspect(stop.recalls.kind, stop.recalls.name)
            why = _reached_by(facts, suspect, manifest)
            if why is not None:
                return stop.name, why
    return None


def _reached_by(facts: Facts, suspect: Suspect, manifest: _Manifest) -> str | None:
    digest = manifest.artifact.digest if manifest.artifact else None
    said = tuple(_signed_about(facts, digest, suspect)) if digest else ()
    return reason_of(suspect, manifest, said, {key.id: key.name for key in facts.keys})


def _signed_about(facts: Facts, artifact: Digest, suspect: Suspect) -> Iterator[Envelope]:
    """Yield what main's keys really signed about an artifact, however old.

    What a revoked key says is no ground, except against that key.
    """
    keys = {key.id: key for key in facts.keys}
    for envelope in facts.evidence:
        key, statement = keys.get(envelope.key_id()), statement_in(envelope)
        if key is None or statement is None or not is_signed_by(envelope, key):
            continue
        if key.revoked_at is not None and suspect.kind != "signer":
            continue
        subjects = {f"sha256:{one.digest.get('sha256')}" for one in statement.subject}
        if artifact in subjects and ISSUED_BY.get(statement.predicate_type) == key.role:
            yield envelope
