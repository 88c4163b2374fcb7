"""What a leak in a sandbox would find: real listeners and a real key file on this side.

The probe inside reports whether it reached them; this side knows by itself whether it was reached.
"""

from __future__ import annotations

import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from turnpike.validation.programs import Bait

_LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_PUBLIC = ("192.0.2.1", 9)  # RFC 5737: never reached, it only picks the outward address


@dataclass(frozen=True, slots=True)
class Planted:
    """The bait as the request has it, and the sockets that tell whether it was taken."""

    bait: Bait
    listeners: tuple[socket.socket, ...]

    def was_reached(self) -> bool:
        """Tell whether anything has connected to a listener, whatever the probe says."""
        return any(_has_caller(listener) for listener in self.listeners)


@contextmanager
def planted(sockets: tuple[str, ...] = ()) -> Iterator[Planted]:
    """Yield the bait for one run; ``sockets`` are those of the engine in use."""
    with ExitStack() as stack:
        listeners = tuple(stack.enter_context(one) for one in _listeners())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="turnpike-bait-")))
        key = folder / "signing.key"
        key.write_text(secrets.token_hex(32))
        addresses = tuple(_address(one) for one in listeners)
        yield Planted(Bait(listeners=addresses, key=str(key), sockets=sockets), listeners)


def _listeners() -> Iterator[socket.socket]:
    for family, host in (*_LOOPBACKS, *_outward()):
        with suppress(OSError):  # a machine without IPv6 has nothing to listen on there
            yield socket.create_server((host, 0), family=family)


def _outward() -> Iterator[tuple[socket.AddressFamily, str]]:
    """Yield this machine's own address in its network, where it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(_PUBLIC)
        yield socket.AF_INET, probe.getsockname()[0]


def _address(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return str(host), int(port)


def _has_caller(listener: socket.socket) -> bool:
    listener.settimeout(0)
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True
