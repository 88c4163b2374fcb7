"""Processes that end with whoever started them, each with its log, stopped in an order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from turnpike.errors import Unavailable

ENDING = frozenset((signal.SIGINT, signal.SIGTERM))
"""The signals by which somebody ends a command."""

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_POLL_SECONDS = 0.05
_STOPPING_SECONDS = 3.0
_SHOWN_LINES = 5


@dataclass(frozen=True, slots=True)
class Running:
    """One process and the file that it writes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    command: Sequence[str]
    environ: Mapping[str, str]

    @property
    def memory(self) -> int:
        """Return its resident memory in bytes; 0 once it has ended."""
        try:
            status = Path(f"/proc/{self.process.pid}/statm").read_text("ascii")
        except OSError:
            return 0
        return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def last_lines(self) -> str:
        """Return the end of its log, for a message."""
        try:
            lines = self.log.read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-_SHOWN_LINES:])


@dataclass(slots=True)
class Processes:
    """The processes of one stack; used in a ``with`` block, so that none stays behind.

    They stop in the reverse order of their start: clients before the servers that they talk to.
    ``ever`` are the ids of all that were started.
    """

    logs: Path
    running: dict[str, Running] = field(default_factory=dict)
    ever: list[int] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Make the folder of the logs."""
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything, also after Ctrl-C and after a second one."""
        with uninterrupted():
            self.stop()

    def start(
        self, name: str, command: Sequence[str | Path], environ: Mapping[str, str] | None = None
    ) -> None:
        """Start a process of its own session, so that a Ctrl-C is ours to handle."""
        words = [str(word) for word in command]
        self._begin(name, words, dict(environ or {}))

    def _begin(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_ends_with_its_parent,  # noqa: PLW1509 - it calls one C function
            )
        self.running[name] = Running(name, process, log, command, environ)
        self.ever.append(process.pid)

    def wait_until(self, name: str, is_ready: Callable[[], bool], seconds: float = 300.0) -> None:
        """Return once ``is_ready``; raises Unavailable where the process dies or time runs out."""
        one, until = self.running[name], time.monotonic() + seconds
        while not is_ready():
            if (code := one.process.poll()) is not None:
                raise _unavailable(one, f"ended with exit code {code}")
            if time.monotonic() > until:
                raise _unavailable(one, f"is not ready after {seconds:.0f} s")
            time.sleep(_POLL_SECONDS)

    def pause(self, name: str) -> None:
        """Halt a process without ending it: it keeps its port and answers nobody."""
        self.running[name].process.send_signal(signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let a halted process go on."""
        self.running[name].process.send_signal(signal.SIGCONT)

    @contextmanager
    def without(self, *names: str, signal_number: int = signal.SIGKILL) -> Iterator[None]:
        """End processes for the length of the block, then start them as they were started.

        They begin in the order of ``names``, and end in the reverse one.
        """
        ended = [self.running[name] for name in names]
        for one in reversed(ended):
            _end(one, signal_number)
        try:
            yield
        finally:
            for one in ended:
                self._begin(one.name, one.command, one.environ)

    def stop_one(self, name: str, signal_number: int = signal.SIGTERM) -> None:
        """End one process: gently first, unless a harder signal is asked for."""
        _end(self.running.pop(name), signal_number)

    def stop(self) -> None:
        """End all of them, the youngest first; stopping a second time does nothing."""
        for name in reversed(tuple(self.running)):
            self.stop_one(name)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back until the block has ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(one: Running, signal_number: int) -> None:
    one.process.send_signal(signal_number)
    try:
        one.process.wait(_STOPPING_SECONDS)
    except subprocess.TimeoutExpired:
        one.process.kill()
        one.process.wait()
    with suppress(ProcessLookupError):  # what it started itself, such as git
        os.killpg(one.process.pid, signal.SIGKILL)


def _ends_with_its_parent() -> None:
    """Ask the kernel to end this process when its parent is gone, even if that was killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _unavailable(one: Running, found: str) -> Unavailable:
    return Unavailable(
        f"{one.name}: expected it to serve, it {found}; the end of {one.log}:\n{one.last_lines()}",
        code="loopback.not-ready",
        solution="Read the log; a port or memory may be short. Then run the same command again.",
    )
