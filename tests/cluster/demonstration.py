"""``turnpike demo --cluster`` as a process of its own, which may be watched and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from end_to_end.installed import PRODUCT

LONGEST_SECONDS = 900.0


class Demonstration:
    """One that runs, in a session and with folders of its own."""

    def __init__(self, folder: Path, *words: str, environ: Mapping[str, str]) -> None:
        self.folder, self.scratch = folder / "demo", folder / "tmp"
        self.scratch.mkdir()
        self.said = folder / "said"
        command = [str(PRODUCT / "turnpike"), "demo", "--cluster", "--folder", str(self.folder)]
        settings = {"TMPDIR": str(self.scratch), "PYTHONUNBUFFERED": "1", **environ}
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, *words],
                cwd=PRODUCT,
                env={**os.environ, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def told(self) -> str:
        """Return what it has printed by now."""
        return self.said.read_text("utf-8")

    def until(self, what: str, is_so: Callable[[], object], every: float = 0.05) -> None:
        """Wait until something is so while it runs, looking every so many seconds."""
        ends = time.monotonic() + LONGEST_SECONDS
        while not is_so():
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < ends, f"never: {what}\n{self.told()}"
            time.sleep(every)

    def is_telling(self, chapter: str) -> bool:
        return chapter in self.told()

    def processes(self) -> list[str]:
        """Return the command lines of all processes that know of one of its folders."""
        return [line for line in _command_lines() if str(self.folder.parent) in line]

    def end(self, signal_number: int, times: int = 1) -> int:
        """Send a signal as a terminal does, to all of its group; return the exit code."""
        for _ in range(times):
            os.killpg(self.process.pid, signal_number)
            time.sleep(0.3)
        return self.process.wait(600)

    def assert_gone(self) -> None:
        """Wait until nothing is left: the kernel ends what its starter has left behind."""
        ends = time.monotonic() + LONGEST_SECONDS
        while left := self.processes():
            assert time.monotonic() < ends, left
            time.sleep(0.05)
        assert not self.folder.exists()
        assert list(self.scratch.iterdir()) == []


@contextmanager
def demonstrated(
    folder: Path, *words: str, environ: Mapping[str, str] | None = None
) -> Iterator[Demonstration]:
    """Run one; should it not have ended by the end of the block, it is told to."""
    made = Demonstration(folder, *words, environ=environ or {})
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.end(signal.SIGTERM)


def _command_lines() -> Iterator[str]:
    """Yield what each process but this one and its parents was called with, and its settings."""
    for one in Path("/proc").glob("[0-9]*"):
        try:
            words = (one / "cmdline").read_bytes() + b"\0" + (one / "environ").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if int(one.name) != os.getpid():
            yield words.replace(b"\0", b" ").decode("utf-8", "replace")
