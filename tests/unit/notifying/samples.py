from __future__ import annotations

from datetime import UTC, datetime

from turnpike.notifying.event import Event
from turnpike.notifying.posting import Patience


def sample_event(id_: str = "sha256:1", text: str = "ALLOWED: a change") -> Event:
    time = datetime(2026, 3, 2, 9, tzinfo=UTC)
    data = {"class": "model"}
    return Event(id_, "urn:turnpike:abc", "decision.allowed", "a/b", time, {**data}, text)


class Waits:
    """Waits in no time, and keeps for how long it was asked to."""

    def __init__(self, stop: bool = False) -> None:
        self.asked: list[float] = []
        self.stop = stop

    def __call__(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return self.stop


def patience(waits: Waits | None = None, **more: float) -> Patience:
    return Patience(waits or Waits(), answer_seconds=more.get("answer_seconds", 20.0))
