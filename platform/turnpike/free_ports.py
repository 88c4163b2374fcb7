"""Ports on loopback for servers that are told theirs when they start.

A port that the system itself gave out, and that was let go for the server, is given to whoever asks
for any next: another server, or a mere connection, while the server still loads its libraries. So
these come from below those that Linux (from 32768), macOS and Windows (from 49152) give out.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain

LOOPBACK = "127.0.0.1"
PORTS = range(15_000, 30_000)


def free_ports(count: int, among: Sequence[int] = PORTS) -> tuple[int, ...]:
    """Return ports that are free now; all are held until the last is found, so they differ.

    Raises OSError where not so many are free.
    """
    first = secrets.randbelow(len(among)) if among else 0
    tried = chain(among[first:], among[:first])  # others begin elsewhere
    with ExitStack() as held:
        return tuple(_held(held, tried) for _ in range(count))


def _held(held: ExitStack, tried: Iterator[int]) -> int:
    """Bind the first of the ports that nobody has, for as long as ``held`` lasts."""
    for port in tried:
        one = held.enter_context(socket.socket())
        try:
            one.bind((LOOPBACK, port))
        except OSError:
            continue
        return port
    raise OSError(f"expected a free port on {LOOPBACK}, found none")
