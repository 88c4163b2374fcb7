"""One thing that happened, as a CloudEvent 1.0 in its structured JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

PREFIX = "dev.turnpike."


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, to what, when; the same happening always has the same ``id``.

    ``kind`` is the type without its prefix; ``text`` is one line for people, not escaped.
    """

    id: str
    source: str
    kind: str
    subject: str
    time: datetime
    data: dict[str, JsonValue]
    text: str

    def envelope(self) -> dict[str, JsonValue]:
        """Return the members that CloudEvents 1.0 demands (section 2 of its JSON format)."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": PREFIX + self.kind,
            "subject": self.subject,
            "time": self.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": self.data,
        }
