"""Verbs that stay until a signal, each in a process of its own, as a person's terminal has it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SECONDS = 900.0


@dataclass(slots=True)
class Daemon:
    """A running verb: what it printed so far, and how it is ended."""

    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _said: threading.Condition = field(default_factory=threading.Condition)
    _readers: list[threading.Thread] = field(default_factory=list)

    def listen(self) -> None:
        """Read both streams on the side, so that the verb never waits for us."""
        assert self.process.stdout
        assert self.process.stderr
        for stream, kept in (
            (self.process.stdout, self.output),
            (self.process.stderr, self.errors),
        ):
            reader = threading.Thread(target=self._read, args=(stream, kept), daemon=True)
            reader.start()
            self._readers.append(reader)

    def until(self, text: str) -> None:
        """Wait until it has said a text on either stream."""
        with self._said:
            heard = self._said.wait_for(lambda: text in self.said or self._is_over(), _SECONDS)
        assert heard, f"nothing was said of {text!r}:\n{self.said}"
        assert text in self.said, f"it ended before it said {text!r}:\n{self.said}"

    def document(self) -> Any:
        """Return the one JSON document of several lines that it prints first, once it is whole."""
        with self._said:
            whole = self._said.wait_for(lambda: "}\n" in self.output or self._is_over(), _SECONDS)
        assert whole, f"no document was said:\n{self.said}"
        return json.loads("".join(self.output))

    @property
    def said(self) -> str:
        """Return all that it printed, for whoever reads a failed test."""
        return "".join((*self.output, *self.errors))

    def objects(self) -> list[Any]:
        """Return the JSON objects that it printed, one a line."""
        return [json.loads(line) for line in self.output]

    def stop(self) -> int:
        """End it as Ctrl-C does; return its exit code once all it said is here."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        """Wait until it has ended by itself; return its exit code."""
        code = self.process.wait(_SECONDS)
        for reader in self._readers:
            reader.join(_SECONDS)
        return code

    def _is_over(self) -> bool:
        return not any(reader.is_alive() for reader in self._readers)

    def _read(self, stream: Any, kept: list[str]) -> None:
        for line in stream:
            with self._said:
                kept.append(line)
                self._said.notify_all()


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Daemon]:
    """Start ``turnpike WORDS`` in a folder; whatever happens, it does not outlive the block."""
    command = [sys.executable, "-P", "-X", "utf8", "-m", "turnpike", *words]
    process = subprocess.Popen(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    daemon = Daemon(process)
    daemon.listen()
    try:
        yield daemon
    finally:
        if process.poll() is None:
            process.terminate()
        daemon.ended()
        for stream in (process.stdout, process.stderr):
            assert stream
            stream.close()
