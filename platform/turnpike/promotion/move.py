"""A move that could be made next, and what stands before it: the nouns of every outlook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from turnpike.documents.identifiers import Digest
from turnpike.judge.layout import ModelKey
from turnpike.judge.rollout import Stride

MAIN = "main"
"""Where a model comes from that enters a first environment: its manifest on main."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands before a move: a stable code, and in words what it is.

    ``until`` is the earliest moment at which it falls away by itself; None where it takes somebody
    to act, or where it never does. ``solution`` is the way there. ``stage`` is the environment that
    it is about, where a move may wait for several; "" otherwise.
    """

    code: str
    says: str
    until: datetime | None
    solution: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Approvals that the environment asks for once the change is open."""

    group: str
    count: int


@dataclass(frozen=True, slots=True)
class Move:
    """One model on its way into one environment.

    ``origin`` is the environment that serves what would move, or ``main``; ``targets`` are those
    of ``environment`` that would change. ``version`` and ``artifact`` are None where there is
    nothing that could move. ``stands`` tells that the very same is in the environment already, and
    ``since`` since when the origin has it, where somebody looked.

    ``earliest`` is the first moment at which no blocker is left, if what must be seen healthy stays
    so from now on and nothing else changes; None where that takes somebody to act first. Approvals
    come on top. ``group`` is the release group of what would move: its models go as one.

    ``step`` is the step of the environment's rollout that the move would carry out, of ``steps``.
    ``returns`` tells that an analysis failed, and that the environment wants the way back then.
    """

    model: ModelKey
    origin: str
    environment: str
    targets: tuple[str, ...]
    version: str | None
    artifact: Digest | None
    blockers: tuple[Blocker, ...]
    approvals: tuple[Asked, ...]
    earliest: datetime | None
    stands: bool = False
    since: datetime | None = None
    group: str | None = None
    step: Stride | None = None
    steps: int = 0
    returns: bool = False

    @property
    def can_now(self) -> bool:
        """Tell whether nothing stands before it but approvals."""
        return not self.blockers

    @property
    def is_ready(self) -> bool:
        """Tell whether a change can be opened for it: onwards, or the way back."""
        return self.can_now or self.returns

    @property
    def name(self) -> tuple[ModelKey, str, str, Digest | None]:
        """Return what makes a move the same one at another time."""
        return self.model, self.origin, self.environment, self.artifact

    def stopped_by(self, code: str) -> bool:
        """Tell whether a blocker of that code stands before it."""
        return any(blocker.code == code for blocker in self.blockers)
