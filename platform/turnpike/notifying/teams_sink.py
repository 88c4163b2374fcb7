"""A workflow's webhook of Microsoft Teams: an adaptive card for each event."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import JsonValue

from turnpike.explain.escape import for_terminal
from turnpike.notifying.event import Event
from turnpike.notifying.posting import Address, Patience, post


@dataclass(frozen=True, slots=True)
class TeamsSink:
    """Posts cards whose text is shown as it is."""

    key: str = field(repr=False)
    to: Address
    patience: Patience

    def __str__(self) -> str:
        """Return the receiver's host."""
        return f"teams:{self.to}"

    def send(self, event: Event) -> None:
        """Post one event."""
        post(self.to, "application/json", teams_message(event), self.patience)


def teams_message(event: Event) -> dict[str, JsonValue]:
    """Return the message of an event.

    A TextRun knows no Markdown, and without ``msteams.entities`` nothing is a mention.
    """
    lines: list[JsonValue] = [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": _shown(line)}]}
        for line in event.text.split("\n")
    ]
    card: dict[str, JsonValue] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": lines,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _shown(line: str) -> str:
    return for_terminal(line).replace("<at>", "<\u200bat>").replace("@", "@\u200b")
