"""The predicates that Turnpike itself issues, and what each of them says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, TypeAdapter

from turnpike.documents.document import Part
from turnpike.documents.identifiers import DigestText, Name, ObjectIdText, ShortText
from turnpike.documents.moment import Moment


class Check(Part):
    """One thing that was looked at: what was expected, what was found."""

    name: ShortText
    passed: bool
    expected: str = Field(max_length=500)
    actual: str = Field(max_length=500)


class MetricValue(Part):
    """One metric on one slice of the validation records; ``overall`` is the slice of them all."""

    slice: ShortText
    metric: ShortText
    value: float
    records: int = Field(ge=0)


class ValidationResult(Part):
    """What one validation run found about one artifact.

    Bound by ``validation_view`` to the manifest's part that matters, by ``inputs`` to everything
    that the container was built from, and by ``data`` to the held-out records. A ``team`` run can
    only deny. ``preview`` marks what a person's own machine found; it satisfies nothing.
    """

    run: Literal["platform", "team"]
    validation_view: DigestText
    inputs: DigestText
    data: DigestText
    sandbox: Literal["container", "bubblewrap"]
    isolated: bool
    checks: tuple[Check, ...]
    metrics: tuple[MetricValue, ...] = ()
    finished_at: Moment
    preview: bool = False


class ScanResult(Part):
    """What the format allow-list and the scanner found in an artifact's files."""

    validation_view: DigestText
    checks: tuple[Check, ...] = Field(min_length=1)
    finished_at: Moment
    preview: bool = False


class Observation(Part):
    """What an observer saw of a serving artifact between two moments.

    ``quality`` are metrics of its answers to held-out records; empty where nobody asked for them.
    """

    environment: Name
    target: Name
    healthy: bool
    error_rate: float = Field(ge=0, le=1)
    latency_p95_milliseconds: float = Field(ge=0)
    requests: int = Field(ge=0)
    started_at: Moment
    finished_at: Moment
    quality: tuple[MetricValue, ...] = ()


class Outcome(Part):
    """What became of an allow: the merge commit that carried it out."""

    decision: DigestText
    merge: ObjectIdText
    finished_at: Moment


VALIDATION_RESULT: TypeAdapter[ValidationResult] = TypeAdapter(ValidationResult)
SCAN_RESULT: TypeAdapter[ScanResult] = TypeAdapter(ScanResult)
OBSERVATION_RESULT: TypeAdapter[Observation] = TypeAdapter(Observation)
OUTCOME_RESULT: TypeAdapter[Outcome] = TypeAdapter(Outcome)
