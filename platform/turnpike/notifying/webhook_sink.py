"""A receiver of CloudEvents over HTTP, in structured mode (HTTP protocol binding, section 3.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from turnpike.notifying.event import Event
from turnpike.notifying.posting import Address, Patience, post


@dataclass(frozen=True, slots=True)
class WebhookSink:
    """Posts each event whole."""

    key: str = field(repr=False)
    to: Address
    patience: Patience

    def __str__(self) -> str:
        """Return the receiver's host."""
        return f"webhook:{self.to}"

    def send(self, event: Event) -> None:
        """Post one event."""
        post(self.to, "application/cloudevents+json", event.envelope(), self.patience)
