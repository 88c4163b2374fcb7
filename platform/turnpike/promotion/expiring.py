"""What stands before a move by its evidence: it failed since, expired, or will have by then.

The moments and the failures are the judge's own (``judge/ageing.py``, ``judge/disproof.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from turnpike.judge.layout import ModelKey
from turnpike.promotion.candidates import Candidate
from turnpike.promotion.evidence import Evidence
from turnpike.promotion.moment import past, spoken
from turnpike.promotion.move import Blocker
from turnpike.topology.environment import Environment


@dataclass(frozen=True, slots=True)
class Expiring:
    """One environment at one moment."""

    evidence: Evidence
    environment: Environment
    now: datetime

    def blockers(
        self, model: ModelKey, candidate: Candidate, earliest: datetime | None
    ) -> Iterator[Blocker]:
        """Yield what keeps a version out; ``earliest`` is when it could move but for that.

        None of it falls away by itself.
        """
        artifact = candidate.artifact
        found = self.evidence.of(artifact, candidate.manifest) if artifact else None
        if found is None:
            return
        manifest, findings = found
        way = f"`turnpike revalidate {model}` opens the request for new evidence; where the version"
        way += " serves already, `turnpike rollback` is the other way."
        if findings.speak_against(manifest):
            says = "a later run or scan of it failed"
            yield Blocker("release-evidence-failed", says, None, way)
        end = findings.end(manifest, self.environment.evidence_days.get(manifest.risk_tier))
        if end is None:
            says = "a scan or a run that it needs does not count"
            yield Blocker("release-evidence-missing", says, None, way)
        elif end <= max(self.now, earliest or self.now):
            yield Blocker("release-evidence-expired", self._ended(end), None, way)

    def _ended(self, end: datetime) -> str:
        if end <= self.now:
            return f"its evidence expired, {past(end, self.now)}"
        return f"its evidence expires before, {spoken(end, self.now)}"
