"""How a model is served, promised and watched."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from turnpike.documents.document import Part
from turnpike.documents.identifiers import Name, PlainText, ShortText


class Resources(Part):
    """What one replica asks for: CPU in millicores, memory in mebibytes."""

    cpu_millicores: int = Field(ge=50, le=64_000)
    memory_mebibytes: int = Field(ge=64, le=524_288)


class Accelerator(Part):
    """A kind of accelerator and how many of it one replica needs."""

    kind: Literal["nvidia-t4", "nvidia-l4", "nvidia-a100"]
    count: int = Field(ge=1, le=8)


class Serving(Part):
    """The runtime family and the size of one replica; images and identities derive from targets."""

    runtime: Literal["mlserver", "gateway"]
    resources: Resources
    accelerators: tuple[Accelerator, ...] = ()


class ServiceLevel(Part):
    """The promise to consumers: availability in percent, latency at the 95th percentile in ms."""

    availability_percent: float = Field(gt=0, lt=100)
    latency_p95_milliseconds: float = Field(gt=0, le=60_000)


class DriftFeature(Part):
    """One feature that is watched for drift, by which statistic and up to which value."""

    feature: ShortText
    statistic: Literal["psi", "kolmogorov-smirnov", "jensen-shannon"]
    threshold: float = Field(gt=0, le=1)


class Decay(Part):
    """The metric whose fall counts as decay, and how many days labels come late."""

    metric: ShortText
    threshold: float
    label_delay_days: int = Field(ge=0, le=3650)


class Monitoring(Part):
    """What is watched once the model serves."""

    drift: tuple[DriftFeature, ...] = ()
    decay: Decay | None = None


class OnCall(Part):
    """Who answers an alert, and where it is sent."""

    rotation: ShortText
    channel: ShortText


class Consumer(Part):
    """An application that calls the model, and what it does with the answer."""

    application: Name
    contact: Name
    purpose: PlainText
