"""Whether somebody answers at an address on loopback."""

from __future__ import annotations

import ssl
import urllib.request
from http.client import HTTPException
from pathlib import Path

_PATIENCE_SECONDS = 10.0


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
    except (OSError, HTTPException, ValueError):  # nobody there, or somebody else
        return False
