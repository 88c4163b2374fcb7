"""What findings say of what moves and of what is released: until when they let it in, and against.

The judge's own functions answer; here they are only given all that the record has about some
artifacts, weighed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.git.repository import Repository
from turnpike.judge.ageing import end_of_findings
from turnpike.judge.disproof import disproofs
from turnpike.judge.live import bound_to
from turnpike.judge.testimony import Testimony, by_artifact, weigh
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.promotion.testimony import findings_about
from turnpike.record.record import Record
from turnpike.topology.key import Key


@dataclass(frozen=True, slots=True)
class Findings:
    """What the record says of one artifact: what counts, and what did until its key ended."""

    counted: tuple[Testimony, ...] = ()
    lapsed: tuple[Testimony, ...] = ()

    def end(self, manifest: PredictiveModel, days: int | None) -> datetime | None:
        """Return when the first kind of them ends; None where one does not count."""
        return end_of_findings(manifest, (*self.counted, *self.lapsed), days)

    def speak_against(self, manifest: PredictiveModel) -> bool:
        """Tell whether one of them, and nothing later, says that the version is bad."""
        recorded = {one.envelope for one in (*self.counted, *self.lapsed)}
        return bool(disproofs(bound_to(manifest), self.counted, self.lapsed, recorded))


NOTHING = Findings()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Findings by artifact, and the manifests by blob that they are held against.

    A manifest that can't be read, or that nobody asked about, is not there.
    """

    manifests: Mapping[ObjectId, PredictiveModel | GenerativeModel] = field(default_factory=dict)
    said: Mapping[Digest, Findings] = field(default_factory=dict)

    def of(self, artifact: Digest, manifest: ObjectId) -> tuple[PredictiveModel, Findings] | None:
        """Return a version with its findings; None where it can have none, or is not known."""
        model = self.manifests.get(manifest)
        if not isinstance(model, PredictiveModel):
            return None
        return model, self.said.get(artifact, NOTHING)


def evidence_about(
    repository: Repository,
    record: Record,
    versions: Iterable[tuple[Digest, ObjectId]],
    keys: Iterable[Key],
    now: datetime,
) -> Evidence:
    """Return what the record has about some versions, each an artifact with its manifest's blob."""
    asked = frozenset(versions)
    artifacts = frozenset(artifact for artifact, _ in asked)
    heard = weigh(findings_about(record, artifacts), keys, now)
    counted, lapsed = by_artifact(heard.testimony), by_artifact(heard.lapsed)
    said = {one: Findings(counted.get(one, ()), lapsed.get(one, ())) for one in artifacts}
    manifests: dict[ObjectId, PredictiveModel | GenerativeModel] = {}
    for blob, content in repository.blobs(frozenset(blob for _, blob in asked)).items():
        try:
            manifests[blob] = read(MODEL, content, f"manifest {blob[:12]}")
        except InvalidDocument:  # told as a problem of main by whoever lists it
            continue
    return Evidence(manifests, said)
