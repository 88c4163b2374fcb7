"""Which pull requests are to be looked at, on disk: whatever is answered 202 survives any kill.

One file for each pull request, so that a hundred webhooks about one are one piece of work. A piece
being worked on lies apart; what arrives meanwhile is a new one. Work that was not finished is taken
up again at the next start: looking twice at a pull request does no harm. A file's name alone says
which pull request it is: one whose content can't be read is looked at like a new one.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from turnpike.errors import CannotDecide

MOST_WAITING = 1_000
MOST_SEEN = 10_000
LONGEST_SECONDS = 600.0
"""For how long a piece of work that failed is put off at most."""


@dataclass(frozen=True, slots=True)
class Job:
    """A pull request to be looked at, not before a moment; ``failures`` so far."""

    number: int
    failures: int = 0
    not_before: float = 0.0


class Queue:
    """The queue of one instance; use it ``with`` ``opened``."""

    def __init__(self, folder: Path, most: int = MOST_WAITING) -> None:
        self._folder, self._most = folder, most
        self._lock = threading.Lock()
        for name in ("waiting", "working", "seen"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def put(self, number: int) -> bool:
        """Note that a pull request is to be looked at; False where the queue is full."""
        with self._lock:
            file = self._folder / "waiting" / str(number)
            if not file.exists() and len(_numbers(file.parent)) >= self._most:
                return False
            # One that waits for its turn keeps its place; one that waits out a failure need not.
            if not file.exists() or _read(file) != Job(number):
                _write(file, Job(number))
            return True

    def take(self, now: float) -> Job | None:
        """Take the piece of work that has waited longest; None where none is due."""
        with self._lock:
            jobs = [_read(file) for file in _numbers(self._folder / "waiting")]
            # Nothing waits for longer than that: a later moment is of a clock that was put back.
            due = [job for job in jobs if not now < job.not_before <= now + LONGEST_SECONDS]
            if not due:
                return None
            job = due[0]
            source = self._folder / "waiting" / str(job.number)
            source.replace(self._folder / "working" / str(job.number))
            return job

    def done(self, job: Job) -> None:
        """Forget a piece of work that is finished."""
        with self._lock:
            (self._folder / "working" / str(job.number)).unlink(missing_ok=True)

    def again(self, job: Job, not_before: float) -> None:
        """Put a piece of work back that failed; what arrived meanwhile comes first.

        On a full disk it goes back as it was, which needs no space, and the OSError is raised.
        """
        with self._lock:
            waiting = self._folder / "waiting" / str(job.number)
            working = self._folder / "working" / str(job.number)
            try:
                if not waiting.exists():
                    _write(waiting, Job(job.number, job.failures + 1, not_before))
            except OSError:
                working.replace(waiting)
                raise
            working.unlink(missing_ok=True)

    def is_new(self, *names: str) -> bool:
        """Tell whether a delivery was not seen yet, by any of its names."""
        return not any((self._folder / "seen" / name).exists() for name in names)

    def saw(self, *names: str) -> None:
        """Note a delivery by its names; the oldest are forgotten beyond a number."""
        with self._lock:
            folder = self._folder / "seen"
            for name in names:
                (folder / name).touch()
            found = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
            for file in found[:-MOST_SEEN]:
                file.unlink(missing_ok=True)

    def waiting(self) -> tuple[int, ...]:
        """Return the pull requests that wait."""
        return tuple(int(file.name) for file in _numbers(self._folder / "waiting"))

    def recover(self) -> None:
        """Take up again what a killed process had begun."""
        with self._lock:
            for file in _numbers(self._folder / "working"):
                waiting = self._folder / "waiting" / file.name
                if waiting.exists():
                    file.unlink()
                else:
                    file.replace(waiting)
            for left in self._folder.glob("*/*.partial"):
                left.unlink()


@contextmanager
def opened(folder: Path, most: int = MOST_WAITING) -> Iterator[Queue]:
    """Open the queue for one process; raises CannotDecide where another has it."""
    queue = Queue(folder, most)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotDecide(
                f"{folder}: expected to be the only one who works it off, another process does",
                code="webhooks.busy",
                solution="Stop the other `turnpike serve-webhooks` first.",
            ) from error
        queue.recover()
        yield queue


def _numbers(folder: Path) -> list[Path]:
    """Return the pieces of work, those first that were put first."""
    found = [file for file in folder.iterdir() if file.name.isdecimal()]
    return sorted(found, key=lambda file: (file.stat().st_mtime_ns, int(file.name)))


def _write(file: Path, job: Job) -> None:
    """Write so that after a crash the file is there as a whole, or not at all."""
    partial = file.with_suffix(".partial")
    try:
        with partial.open("w", encoding="utf-8") as stream:
            json.dump({"failures": job.failures, "notBefore": job.not_before}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(file: Path) -> Job:
    number = int(file.name)
    try:
        value = json.loads(file.read_bytes())
        return Job(number, int(value["failures"]), float(value["notBefore"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return Job(number)
