"""What a policy engine does: it answers one batch, whole, or raises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from turnpike.judge.policy_input import Answer, PolicyInput


class PolicyEngine(Protocol):
    """Evaluates every rule of one bundle."""

    def decide(self, batch: Sequence[PolicyInput]) -> Answer:
        """Return what every rule says of every input, in the order of the batch.

        Raises Unavailable with a code ``opa.…`` where the engine is missing, slow, stopped, or
        answers anything but one whole answer for each input; never answers less.
        """
        ...
