"""What pods have counted of their consumers' requests; every count only grows while a pod runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Counted:
    """What one pod has counted since it started.

    ``answered`` maps a bound in seconds to how many answers took no longer; infinity has them all.
    """

    requests: int
    errors: int
    answered: Mapping[float, int]


@dataclass(frozen=True, slots=True)
class Scraped:
    """What was last read of a pod, and how many seconds ago that was."""

    age_seconds: float
    counted: Counted


Tally: TypeAlias = Mapping[str, Counted]
"""What each pod of a deployment has counted, by its name."""
