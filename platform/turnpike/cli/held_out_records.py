"""The records by which an observer measures quality, where an environment's rollout demands it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from turnpike.cli.site import Site

if TYPE_CHECKING:
    from turnpike.cluster.interface import Watched
    from turnpike.documents.identifiers import ObjectId
    from turnpike.manifest.model import PredictiveModel
    from turnpike.observing.quality import HeldOut
    from turnpike.validation.datasets import ArtifactFormat

_MOST = 500
"""More records would measure no better, and take time from those who wait for answers."""


@dataclass(slots=True)
class HeldOutRecords:
    """The held-out records of what is watched at a site, read once for each manifest."""

    site: Site
    known: dict[ObjectId, HeldOut | None] = field(default_factory=dict)

    def of(self, watched: Watched) -> HeldOut | None:
        """Return the records of a release; None where nobody demands its quality."""
        if not self._is_demanded():
            return None
        blob = watched.release.manifest
        if blob not in self.known:
            self.known[blob] = self._read(blob)
        return self.known[blob]

    def _is_demanded(self) -> bool:
        from turnpike.documents.reading import read
        from turnpike.topology.environment import ENVIRONMENT

        path = f"environments/{self.site.environment}/environment.yaml"
        content = self.site.house.host.read(self.site.house.main, path)
        rollout = read(ENVIRONMENT, content, path).rollout if content else None
        steps = rollout.steps if rollout else ()
        return any(step.analysis and step.analysis.demands_quality for step in steps)

    def _read(self, blob: ObjectId) -> HeldOut | None:
        from turnpike.documents.reading import read
        from turnpike.manifest.model import MODEL, PredictiveModel

        content = self.site.house.host.blobs([blob])[blob]
        model = read(MODEL, content, f"manifest {blob[:12]}")
        if not isinstance(model, PredictiveModel) or model.artifact is None:
            return None
        return records_of(model, model.artifact.format)


def records_of(model: PredictiveModel, artifact_format: ArtifactFormat) -> HeldOut:
    """Return the held-out records of a manifest, at most 500.

    Raises InputError where the manifest does not fit its data, as validation does.
    """
    from turnpike.observing.quality import HeldOut
    from turnpike.validation.datasets import held_out

    records = held_out(model, artifact_format).records
    names = [column.name for column in model.signature.inputs]
    cells = zip(*(records.columns[name][:_MOST] for name in names), strict=True)
    rows = tuple(dict(zip(names, row, strict=True)) for row in cells)
    is_regression = model.validation.task == "regression"
    return HeldOut(rows, records.labels[:_MOST], is_regression)
