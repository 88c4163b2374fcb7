"""Something by which a cluster is out of step with Git, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """What was expected, what was found, and the next step.

    ``passing`` tells that it is on its way by itself: a sync that runs, a pod that starts.
    """

    code: str
    subject: str
    expected: str
    found: str
    solution: str
    passing: bool = False
