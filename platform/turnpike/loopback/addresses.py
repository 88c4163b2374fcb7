"""Addresses on loopback that nobody uses yet, and whether somebody answers there."""

from __future__ import annotations

import socket
import ssl
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

LOOPBACK = "127.0.0.1"
_PATIENCE_SECONDS = 2.0


def free_ports(count: int) -> tuple[int, ...]:
    """Return ports that are free now; all are held until the last is found, so they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return tuple(int(one.getsockname()[1]) for one in sockets)


def answers(url: str, *, token: str = "", certificate: Path | None = None) -> bool:
    """Tell whether a GET of a URL on loopback is answered with success."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - loopback only
    try:
        trust = ssl.create_default_context(cafile=certificate) if certificate else None
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
        )
        with opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
            return bool(answer.status < 300)
    except (OSError, urllib.error.URLError, ValueError):
        return False
