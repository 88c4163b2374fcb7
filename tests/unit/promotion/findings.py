"""What a validator found in the versions of the example model."""

from __future__ import annotations

from datetime import datetime, timedelta

from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Check, ScanResult
from turnpike.evidence.statement import SCAN, VALIDATION
from unit.judge.examples import NOW, RoleKey, run_of
from unit.promotion.world import version_of

VALIDATOR = RoleKey("validator", until=NOW + timedelta(days=3650))
DAY = timedelta(days=1)


def found(version: int, at: datetime, *, passed: bool = True) -> tuple[Envelope, ...]:
    """Return a scan and a platform run of a version."""
    manifest = version_of(version)
    view, made = manifest.validation_view(), manifest.artifact
    assert view is not None
    assert made is not None
    check = Check(name="latency", passed=passed, expected="fast", actual="as it was")
    clean = check.model_copy(update={"name": "formats", "passed": True})
    scan = ScanResult(validation_view=view, checks=(clean,), finished_at=at)
    return (
        VALIDATOR.state(SCAN, scan, made.digest),
        VALIDATOR.state(VALIDATION, run_of(view, at, check), made.digest),
    )
