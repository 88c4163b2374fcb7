"""Whether somebody answers at an address on loopback, and how else an address is spelled."""

from __future__ import annotations

import ssl
import urllib.request
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

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


def other_spelling(url: str) -> str:
    """Return another text that leads to the same server as a URL, for who compares only texts.

    An IPv4 address becomes the IPv6 address that is mapped to it (RFC 4291, 2.5.5.2), an IPv6
    address is written out in full or, where it was, in short, and a name is in capitals or, where
    it was, in small letters, which to the DNS is the same (RFC 4343).
    """
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=_other_host(parts.netloc, parts.hostname or "") + port).geturl()


def _other_host(netloc: str, host: str) -> str:
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return host if host.upper() in netloc else host.upper()
    if isinstance(address, IPv4Address):
        return f"[::ffff:{address}]"
    return f"[{address.compressed if host == address.exploded else address.exploded}]"
