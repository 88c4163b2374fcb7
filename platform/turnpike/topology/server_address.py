"""Where a server is: what the address of a Git host or of a registry may look like."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from turnpike.documents.identifiers import ShortText

SHAPE = "http(s)://HOST[:PORT] without a password"
"""What is expected of an address, for whoever gave another one."""

_SERVER = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(:[0-9]{1,5})?(/[^\s?#@]*)?")


def is_server_address(text: str) -> bool:
    """Tell whether a text is the address of a server, and carries no account."""
    return _SERVER.fullmatch(text) is not None


def _checked(value: str) -> str:
    if not is_server_address(value):
        raise ValueError(f"expected {SHAPE}")
    return value


ServerAddress = Annotated[ShortText, AfterValidator(_checked)]
