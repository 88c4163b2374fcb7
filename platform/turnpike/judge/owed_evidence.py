"""What must be made good before the debt of an exception is paid: evidence of what it left there.

An emergency goes past evidence that has expired or failed, a rollback past what has expired. Two
reviews don't make that evidence: where what stands by then still lacks it, the incident stays open.
What came in its place went in by all rules, and a place that nothing stands in lacks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from turnpike.judge.ageing import end_of_findings
from turnpike.judge.decision import Finding
from turnpike.judge.disproof import disproofs
from turnpike.judge.emergencies import settled_by, settlements_in
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.live import bound_to
from turnpike.judge.testimony import Hearing, by_artifact, debts_in
from turnpike.manifest.model import PredictiveModel


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is known of a place whose debt a change pays.

    ``end`` is when the evidence of what stands there ends; None where some of it is missing.
    """

    place: DeploymentKey
    end: datetime | None
    has_failed: bool

    def lack_at(self, moment: datetime) -> str | None:
        """Return what the evidence lacks; None where it is complete."""
        if self.has_failed:
            return "a later run or scan that failed"
        if self.end is None:
            return "none for one of them"
        return None if moment < self.end else f"expired at {self.end.isoformat()}"


def evidence_owed(facts: Facts, hearing: Hearing) -> Iterator[Finding]:
    """Yield each place of a settled incident where what stands lacks evidence that counts."""
    for one in _standing(facts, hearing):
        lack = one.lack_at(facts.clock)
        if lack is not None:
            yield _finding(one.place, lack)


def ends_of_owed_evidence(facts: Facts, hearing: Hearing) -> Iterator[datetime]:
    """Yield when that evidence ends, after which the same settlement pays no more."""
    yield from (one.end for one in _standing(facts, hearing) if one.end is not None)


def _standing(facts: Facts, hearing: Hearing) -> Iterator[_Standing]:
    places = _places(facts)
    if not places:
        return
    heard, lapsed = by_artifact(hearing.testimony), by_artifact(hearing.lapsed)
    recorded = frozenset(facts.recorded)
    for place in places:
        release = facts.base.releases.get(place.path("release.yaml"))
        environment = facts.base.environments.get(place.environment)
        if release is None or environment is None:
            continue
        model = facts.head.model_blobs.get(release.manifest)
        if model is None:
            yield _Standing(place, None, has_failed=False)
        elif isinstance(model, PredictiveModel):  # a provider's model has no findings
            about = heard.get(release.artifact, ())
            late = lapsed.get(release.artifact, ())
            days = environment.evidence_days.get(model.risk_tier)
            end = end_of_findings(model, (*about, *late), days)
            against = disproofs(bound_to(model), about, late, recorded)
            yield _Standing(place, end, has_failed=bool(against))


def _places(facts: Facts) -> tuple[DeploymentKey, ...]:
    settlements = [one for _, one in settlements_in(facts)]
    debts = settled_by(settlements, debts_in(facts)) if settlements else ()
    return tuple(sorted({DeploymentKey.parse(debt.deployment) for debt in debts}))


def _finding(place: DeploymentKey, lack: str) -> Finding:
    return Finding(
        code="settlement.evidence-incomplete",
        subject=str(place),
        expected="a scan and a platform run of what stands there that count, or another release",
        actual=lack,
        message="A review pays for no evidence that an exception went past and that is still owed.",
        solution=f"`turnpike revalidate {place.model_key}` asks for it anew. Or return to another "
        "release with `turnpike rollback`, or retire it; then settle.",
    )
