"""Until when a statement lets a release in: by its own age, and by its key's time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from turnpike.evidence.predicates import ScanResult, ValidationResult
from turnpike.evidence.statement import SCAN, VALIDATION
from turnpike.judge.live import bound_to
from turnpike.judge.testimony import Testimony
from turnpike.manifest.model import PredictiveModel

_NEEDED = {(SCAN, "none"), (VALIDATION, "platform")}


def expiry_of(witness: Testimony, days: int | None) -> datetime:
    """Return from when on a statement lets nothing in; ``days`` is how old a finding may become."""
    said = witness.predicate
    if days is None or not isinstance(said, ValidationResult | ScanResult):
        return witness.key.valid_until
    return min(witness.key.valid_until, said.finished_at + timedelta(days=days))


def end_of_findings(
    model: PredictiveModel, about: Iterable[Testimony], days: int | None
) -> datetime | None:
    """Return when the first kind of finding about a version ends; None where one does not count.

    ``about`` is all that is said of its artifact. The newest of each kind decides.
    """
    ends: dict[tuple[str, str], datetime] = {}
    is_bound = bound_to(model)
    for witness in about:
        said = witness.predicate
        if not isinstance(said, ValidationResult | ScanResult) or not is_bound(said):
            continue
        if isinstance(said, ValidationResult) and not said.isolated:
            continue
        run = said.run if isinstance(said, ValidationResult) else "none"
        kind = witness.statement.predicate_type, run
        end = expiry_of(witness, days)
        ends[kind] = max(end, ends.get(kind, end))
    return min(ends.values()) if ends.keys() >= _NEEDED else None
