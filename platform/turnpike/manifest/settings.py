"""What one deployment sets differently from its environment's defaults."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.manifest.serving import Resources


class Replicas(Part):
    """The least and the most replicas that the autoscaler may run."""

    minimum: int = Field(ge=0, le=1000)
    maximum: int = Field(ge=1, le=1000)


class Settings(Document):
    """Size of one deployment: only what differs from the environment's defaults."""

    kind: Literal["Settings"]
    replicas: Replicas | None = None
    resources: Resources | None = None


SETTINGS: TypeAdapter[Settings] = TypeAdapter(Settings)
