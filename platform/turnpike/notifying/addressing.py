"""What ``--to`` names: a kind of sink and its place, with secrets kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from turnpike.errors import UsageError
from turnpike.notifying.file_sink import FileSink
from turnpike.notifying.interface import Sink
from turnpike.notifying.posting import Address, Patience
from turnpike.notifying.slack_sink import SlackSink
from turnpike.notifying.teams_sink import TeamsSink
from turnpike.notifying.webhook_sink import WebhookSink

_POSTED: dict[str, type[WebhookSink | SlackSink | TeamsSink]] = {
    "webhook": WebhookSink,
    "slack": SlackSink,
    "teams": TeamsSink,
}


def sink_at(text: str, environ: Mapping[str, str], patience: Patience) -> Sink:
    """Return the sink that ``KIND:PLACE`` names; raises UsageError where it names none.

    A place is a path for ``file``; for the others a URL, ``@FILE`` that holds it, or ``$NAME``.
    """
    kind, _, place = text.partition(":")
    if kind == "file" and place:
        return FileSink(Path(place))
    if kind not in _POSTED or not place:
        raise UsageError(
            "--to: expected file:PATH, webhook:URL, slack:URL or teams:URL, got none of them",
            solution="A URL may stand in a file or a variable: slack:@FILE, webhook:$NAME.",
        )
    key = f"{kind}:@{Path(place[1:]).absolute()}" if place.startswith("@") else text
    return _POSTED[kind](key, _address(kind, place, environ), patience)


def _address(kind: str, place: str, environ: Mapping[str, str]) -> Address:
    url = _url(kind, place, environ)
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not url.isascii() or any(character.isspace() for character in url):
        raise UsageError(
            f"--to {kind}: expected http(s)://host[:port]/path, got something else",
            solution="The URL is not shown, because it may hold a secret.",
        )
    return Address(url)


def _url(kind: str, place: str, environ: Mapping[str, str]) -> str:
    if place.startswith("$"):
        if url := environ.get(place[1:], "").strip():
            return url
        raise UsageError(f"--to {kind}:{place}: expected a URL in that variable, found none")
    if not place.startswith("@"):
        return place
    try:
        return Path(place[1:]).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"--to {kind}:{place}: expected a file with a URL that can be read, got: {error}"
        ) from error
