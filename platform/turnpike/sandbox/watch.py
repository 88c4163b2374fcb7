"""Watching one running job: reads what it says and stops it at its first broken limit."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from turnpike.errors import Interrupted
from turnpike.sandbox.interface import Limits, Outcome, Stop, Stopped
from turnpike.sandbox.tree import Usage

_TICK_SECONDS = 0.02
_LOG_BYTES = 64 * 1024
_CHUNK = 256 * 1024


@dataclass(slots=True)
class Watch:
    """The state of one run; ``measure`` tells what the tree uses, ``kill`` ends all of it."""

    process: subprocess.Popen[bytes]
    limits: Limits
    measure: Callable[[], Usage]
    kill: Callable[[], None]
    output: bytearray = field(default_factory=bytearray)
    log: bytearray = field(default_factory=bytearray)
    peak: float = 0.0
    started: float = field(default_factory=time.monotonic)

    def to_the_end(self, stop: Stop | None) -> Outcome:
        """Return the outcome once nothing of the run is left, whichever way it ended."""
        stopped: Stopped = ""
        try:
            with _streams(self.process) as streams:
                while not stopped and self._is_running(streams):
                    self._read(streams)
                    _raise_if_set(stop)
                    stopped = self._broken_limit()
        finally:
            seconds = time.monotonic() - self.started
            self._end()
        return Outcome(
            self.process.returncode, bytes(self.output), _printable(self.log), stopped, seconds,
            self.peak,
        )  # fmt: skip

    def _is_running(self, streams: selectors.BaseSelector) -> bool:
        return bool(streams.get_map()) or self.process.poll() is None

    def _read(self, streams: selectors.BaseSelector) -> None:
        if not streams.get_map():
            time.sleep(_TICK_SECONDS)
        for key, _ in streams.select(_TICK_SECONDS):
            chunk = os.read(key.fd, _CHUNK)
            if not chunk:
                streams.unregister(key.fileobj)
            elif key.data == "output":
                self.output += chunk
            else:
                self.log += chunk[: _LOG_BYTES - len(self.log)]

    def _broken_limit(self) -> Stopped:
        if len(self.output) > self.limits.output_bytes:
            del self.output[self.limits.output_bytes :]
            return "output"
        if time.monotonic() - self.started > self.limits.seconds:
            return "time"
        usage = self.measure()
        self.peak = max(self.peak, usage.resident_mebibytes)
        if len(usage.processes) > self.limits.processes:
            return "processes"
        return "memory" if self._holds_too_much(usage) else ""

    def _holds_too_much(self, usage: Usage) -> bool:
        most = self.limits.memory_mebibytes
        return usage.resident_mebibytes > most and usage.proportional_mebibytes() > most

    def _end(self) -> None:
        self.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def _streams(process: subprocess.Popen[bytes]) -> selectors.BaseSelector:
    streams = selectors.DefaultSelector()
    for stream, name in ((process.stdout, "output"), (process.stderr, "log")):
        _register(streams, stream, name)
    return streams


def _register(streams: selectors.BaseSelector, stream: IO[bytes] | None, name: str) -> None:
    if stream is not None:
        streams.register(stream, selectors.EVENT_READ, name)


def _raise_if_set(stop: Stop | None) -> None:
    if stop is not None and stop.is_set():
        raise Interrupted(
            "The sandboxed run was stopped before its end; nothing of it is left running.",
            code="sandbox.interrupted",
            solution="Run the same command again.",
        )


def _printable(log: bytearray) -> str:
    """Escape control characters: a log is shown on terminals and pages."""
    text = log.decode("utf-8", errors="backslashreplace")
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)
