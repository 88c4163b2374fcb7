"""One process ``opa run --server`` on a port of loopback, from its start to its end."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from turnpike.free_ports import LOOPBACK, free_ports
from turnpike.opa.answers import unavailable
from turnpike.opa.bundle import write_files
from turnpike.opa.program import Program, start

_START_SECONDS = 120.0
_STEP_SECONDS = 0.003


class Child:
    """A server that has been started; it loads its policies while whoever started it goes on.

    Start it in a thread that lives as long as it does: the kernel ends the child with that thread.
    """

    def __init__(self, program: Program, policies: Path, own: Mapping[str, bytes]) -> None:
        """Start it on a free port, with a folder of policies and with files of its own.

        Raises Unavailable where the program is not there.
        """
        (self.port,) = free_ports(1)
        with ExitStack() as kept:
            self._folder = kept.enter_context(tempfile.TemporaryDirectory(prefix="turnpike-opa-"))
            self._said = kept.enter_context(tempfile.TemporaryFile())
            write_files(Path(self._folder), own)
            command = program.command(
                "run",
                "--server",
                "--addr",
                f"{LOOPBACK}:{self.port}",
                "--authentication=token",
                "--authorization=basic",
                "--skip-version-check",
                "--log-level=error",
                "--bundle",
                str(policies),
                self._folder,
            )
            said = self._said
            self._process = start(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            self._kept = kept.pop_all()

    @property
    def process_id(self) -> int:
        """Return its process id."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Tell whether it has not ended."""
        return self._process.poll() is None

    def listens(self) -> bool:
        """Wait until it listens, when it has read its files; false where its port was taken.

        Raises Unavailable where it ends, or takes too long.
        """
        if self.is_reached():
            self._kept.close()
            return True
        self._said.seek(0)
        text = self._said.read().decode(errors="replace")
        self._kept.close()
        if "address already in use" in text:
            return False
        raise unavailable("stopped", f"expected OPA to start, it ended: {text.strip()[:300]}")

    def is_reached(self) -> bool:
        """Wait until something listens on its port; false where it ended before that.

        Raises Unavailable where it takes too long.
        """
        deadline = time.monotonic() + _START_SECONDS
        while self.runs:
            if _accepts(self.port):
                return True
            if time.monotonic() > deadline:
                self._process.kill()
                raise unavailable("slow", f"expected OPA to start within {_START_SECONDS:g} s")
            time.sleep(_STEP_SECONDS)
        return False

    def kill(self) -> None:
        """End it from any thread; who waits for an answer gets none."""
        self._process.kill()

    def end(self) -> None:
        """End it and let go what it had; it has nothing to save."""
        self._process.kill()
        self._process.wait()
        self._kept.close()


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(_STEP_SECONDS * 10)
        return probe.connect_ex((LOOPBACK, port)) == 0
