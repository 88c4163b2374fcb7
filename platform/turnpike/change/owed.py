"""Which releases a settlement answers for: those of the places whose debt it pays."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.judge.emergencies import settled_by
from turnpike.judge.layout import DeploymentKey
from turnpike.record.layout import decision_of
from turnpike.record.record import Record
from turnpike.topology.settlement import Settlement


def owed_releases(record: Record, settlements: Iterable[Settlement]) -> list[str]:
    """Return the paths of the releases that the record names in the debts of settled incidents.

    Who signed those decisions is for the judge: one file more is read of one that nobody did.
    """
    paying = tuple(settlements)
    if not paying:
        return []
    decisions = map(decision_of, record.debts_of(one.team for one in paying))
    debts = settled_by(paying, (debt for one in decisions for debt in one.debts))
    places = sorted({DeploymentKey.parse(debt.deployment) for debt in debts})
    return [place.path("release.yaml") for place in places]
