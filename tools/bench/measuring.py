"""One run of a command: wall clock, CPU and peak memory of the whole tree of its processes."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_STEP_SECONDS = 0.02
_PAGE = resource.getpagesize()


@dataclass(frozen=True)
class Run:
    """What one run cost: seconds, seconds of both CPUs together, bytes; and how it ended."""

    wall: float
    cpu: float
    peak: int
    code: int
    out: bytes


def run(command: Sequence[str | Path], folder: Path, extra: Mapping[str, str] | None = None) -> Run:
    """Run a command and measure it; the peak is sampled, shared memory counted in each process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    child = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(extra or {})},
    )
    watch = _Watch(child.pid)
    watch.start()
    out, _ = child.communicate()
    wall = time.monotonic() - start
    watch.ended.set()
    watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, watch.peak, child.returncode, out)


class _Watch(threading.Thread):
    """Samples the proportional memory of a process and all that it started."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.peak = 0
        self._root = root

    def run(self) -> None:
        while not self.ended.wait(_STEP_SECONDS):
            self.peak = max(self.peak, sum(map(_resident, _tree(self._root))))


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        try:
            tasks = Path(f"/proc/{process}/task").iterdir()
            waiting += [int(c) for t in tasks for c in (t / "children").read_text().split()]
        except OSError:
            continue
    return found


def _resident(process: int) -> int:
    """Return a process's own share of memory where the kernel tells it, else all it has mapped."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line[:4] == "Pss:")
    except (OSError, StopIteration):
        pass
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0
