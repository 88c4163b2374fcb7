"""What an outlook needs to know of a manifest; ten thousand of these fit where few manifests do."""

from __future__ import annotations

from pydantic import TypeAdapter

from turnpike.documents.document import Part
from turnpike.documents.identifiers import DigestText, Label, Name
from turnpike.manifest.model import GenerativeModel, Lifecycle, PredictiveModel, RiskTier
from turnpike.manifest.serving import ServiceLevel


class Brief(Part):
    """A manifest in short; ``version`` and ``artifact`` are None for a draft.

    ``metrics`` are the thresholds of all records; None where nothing is measured, of a route.
    """

    tier: RiskTier
    lifecycle: Lifecycle
    version: Label | None
    artifact: DigestText | None
    promise: ServiceLevel | None
    metrics: dict[str, float] | None
    group: Name | None = None

    @classmethod
    def of(cls, model: PredictiveModel | GenerativeModel) -> Brief:
        """Return what a manifest says."""
        made = model.artifact
        return cls(
            tier=model.risk_tier,
            lifecycle=model.lifecycle,
            version=made.version if made else None,
            artifact=made.digest if made else None,
            promise=model.slo,
            metrics=_metrics_of(model),
            group=model.release_group,
        )


def _metrics_of(model: PredictiveModel | GenerativeModel) -> dict[str, float] | None:
    if isinstance(model, GenerativeModel):
        return None
    return {str(metric): value for metric, value in model.validation.thresholds.items()}


BRIEFS: TypeAdapter[dict[str, Brief]] = TypeAdapter(dict[str, Brief])
