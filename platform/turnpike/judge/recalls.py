"""What main recalls: a stop names what is bad, and it reached what stands in a deployment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope, is_signed_by, statement_in
from turnpike.evidence.statement import ISSUED_BY
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.movement import stops_of
from turnpike.judge.subjects import retired_deployments
from turnpike.judge.suspect import Suspect, reason_of
from turnpike.topology.key import Key

Recall = tuple[str, str]
"""The name of a stop, and how what it names reached a deployment."""

_Signed = Mapping[Digest, list[tuple[Key, Envelope]]]


def recalls_in(facts: Facts) -> Mapping[DeploymentKey, Recall]:
    """Return, of the deployments whose release a change deletes, those that a stop on main recalls.

    What nothing tells the judge itself to have been reached is not recalled.
    """
    if not any(stop.recalls for stop in facts.base.stops.values()):
        return {}
    signed = _signed_by_artifact(facts)
    found = ((key, _recall_of(facts, key, signed)) for key in retired_deployments(facts))
    return {key: recall for key, recall in found if recall is not None}


def _recall_of(facts: Facts, key: DeploymentKey, signed: _Signed) -> Recall | None:
    release = facts.base.releases.get(key.path("release.yaml"))
    environment = facts.base.environments.get(key.environment)
    target = environment.target(key.target) if environment else None
    manifest = facts.head.model_blobs.get(release.manifest) if release else None
    if target is None or manifest is None:
        return None
    about = signed.get(manifest.artifact.digest, ()) if manifest.artifact else ()
    for stop in stops_of(facts.base.stops.values(), key, target):
        if stop.recalls is not None:
            suspect = Suspect(stop.recalls.kind, stop.recalls.name)
            # What a revoked key says is no ground, except against that key.
            said = [e for by, e in about if by.revoked_at is None or suspect.kind == "signer"]
            why = reason_of(suspect, manifest, said, {one.id: one.name for one in facts.keys})
            if why is not None:
                return stop.name, why
    return None


def _signed_by_artifact(facts: Facts) -> _Signed:
    """Return what main's keys really signed about each artifact, however old, and by which key."""
    keys = {key.id: key for key in facts.keys}
    found: dict[Digest, list[tuple[Key, Envelope]]] = defaultdict(list)
    for envelope in facts.evidence:
        key, statement = keys.get(envelope.key_id()), statement_in(envelope)
        if key is None or statement is None or not is_signed_by(envelope, key):
            continue
        if ISSUED_BY.get(statement.predicate_type) == key.role:
            for artifact in {f"sha256:{one.digest.get('sha256')}" for one in statement.subject}:
                found[Digest(artifact)].append((key, envelope))
    return found
