"""Which releases a settlement answers for: those of the places whose debt it pays."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.judge.layout import DeploymentKey
from turnpike.record.layout import decision_of
from turnpike.record.record import Record
from turnpike.topology.settlement import Settlement


def owed_releases(record: Record, settlements: Iterable[Settlement]) -> list[str]:
    """Return the paths of the releases that the record names in the debts of settled incidents.

    Who signed those decisions is for the judge: one file more is read of one that nobody did.
    """
    settled = {(one.team, one.incident) for one in settlements}
    if not settled:
        return []
    decisions = map(decision_of, record.debts_of({team for team, _ in settled}))
    debts = (debt for one in decisions for debt in one.debts)
    places = {debt.deployment for debt in debts if (debt.team, debt.incident) in settled}
    return [DeploymentKey(*place.split("/", 3)).path("release.yaml") for place in sorted(places)]
