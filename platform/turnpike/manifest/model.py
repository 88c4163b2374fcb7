"""The manifest: ``models/<team>/<model>/model.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, TypeAdapter

from turnpike.documents.canonical import digest_of_document
from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Digest, DigestText, Label, Name, PlainText, ShortText
from turnpike.documents.moment import Moment
from turnpike.manifest.data import Contact, Data
from turnpike.manifest.serving import Consumer, Monitoring, OnCall, ServiceLevel, Serving
from turnpike.manifest.signature import Signature
from turnpike.manifest.validation import Validation

RiskTier = Literal["low", "medium", "high"]
Lifecycle = Literal["active", "deprecated", "retired"]


class Artifact(Part):
    """The trained bytes: ``digest`` decides, the registry's model and version are for people.

    ``digest`` follows the OpenSSF model-signing rules over the whole artifact folder.
    """

    registry_model: Label
    version: Label
    digest: DigestText
    format: Literal["skops", "onnx"]


class Route(Part):
    """A provider's model behind the shared gateway; its canonical bytes are what is released."""

    provider: Literal["anthropic", "azure-openai", "bedrock", "openai", "vertex-ai"]
    model: Label
    revision: Label
    temperature: float = Field(ge=0, le=2)
    max_tokens: int = Field(ge=1, le=1_000_000)
    system_prompt: PlainText
    tokens_per_minute: int = Field(ge=1)


class RouteArtifact(Part):
    """The digest of the canonical route document, as it was registered."""

    registry_model: Label
    version: Label
    digest: DigestText
    format: Literal["route"]


class Revalidation(Part):
    """A request to validate the same version again: evidence must be newer than it.

    No evidence is bound to it, so that what was found before goes on counting elsewhere.
    """

    requested_at: Moment
    reason: ShortText


class _Manifest(Document):
    """What every manifest says; models of one team with the same release group move together."""

    name: Name
    team: Name
    description: PlainText
    intended_use: PlainText
    out_of_scope_use: PlainText
    risk_tier: RiskTier
    lifecycle: Lifecycle = "active"
    release_group: Name | None = None
    contacts: tuple[Contact, ...] = Field(min_length=1)
    on_call: OnCall | None = None
    serving: Serving
    slo: ServiceLevel | None = None
    monitoring: Monitoring = Monitoring()
    consumers: tuple[Consumer, ...] = ()
    revalidation: Revalidation | None = None

    @property
    def key(self) -> str:
        """Return ``team/name``, which is the folder of the manifest below ``models/``."""
        return f"{self.team}/{self.name}"


class ValidationView(Part):
    """The part of a manifest that evidence is bound to: a typo elsewhere voids no evidence."""

    artifact: Artifact
    data: Data
    signature: Signature
    validation: Validation


class GenerativeView(Part):
    """The part of a generative manifest that evidence is bound to."""

    artifact: RouteArtifact
    route: Route


class PredictiveModel(_Manifest):
    """A trained model with an artifact of its own; a draft has no ``artifact`` yet."""

    kind: Literal["predictive"]
    artifact: Artifact | None = None
    signature: Signature
    data: Data
    validation: Validation

    def validation_view(self) -> Digest | None:
        """Return the digest of what evidence is bound to; None for a draft."""
        if self.artifact is None:
            return None
        view = ValidationView(
            artifact=self.artifact,
            data=self.data,
            signature=self.signature,
            validation=self.validation,
        )
        return digest_of_document(view)


class GenerativeModel(_Manifest):
    """A provider's model, pinned by its route document; a draft has no ``artifact`` yet."""

    kind: Literal["generative"]
    artifact: RouteArtifact | None = None
    route: Route

    def validation_view(self) -> Digest | None:
        """Return the digest of what evidence is bound to; None for a draft."""
        if self.artifact is None:
            return None
        return digest_of_document(GenerativeView(artifact=self.artifact, route=self.route))

    def route_digest(self) -> Digest:
        """Return the digest of the canonical route document, which is what is released."""
        return digest_of_document(self.route)


Model = Annotated[PredictiveModel | GenerativeModel, Discriminator("kind")]
MODEL: TypeAdapter[PredictiveModel | GenerativeModel] = TypeAdapter(Model)
