"""An incoming webhook of Slack, or of what speaks its form: one line of text for each event."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import JsonValue

from turnpike.explain.escape import for_terminal
from turnpike.notifying.event import Event
from turnpike.notifying.posting import Address, Patience, post

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u200b"})


@dataclass(frozen=True, slots=True)
class SlackSink:
    """Posts text in which nothing is a link, a mention or a format."""

    key: str = field(repr=False)
    to: Address
    patience: Patience

    def __str__(self) -> str:
        """Return the receiver's host."""
        return f"slack:{self.to}"

    def send(self, event: Event) -> None:
        """Post one event."""
        post(self.to, "application/json", slack_message(event), self.patience)


def slack_message(event: Event) -> dict[str, JsonValue]:
    """Return the message of an event; Slack asks that &, < and > are written as entities."""
    lines = (for_terminal(line).translate(_ESCAPES) for line in event.text.split("\n"))
    return {
        "text": "\n".join(lines),
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
