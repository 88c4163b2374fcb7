"""A process and all its descendants: what they use together.

A limit per process (RLIMIT_AS, RLIMIT_NPROC) binds neither a tree nor root; their sum does.
Source: proc(5), files ``stat``, ``statm`` and ``smaps_rollup``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MEBIBYTE = 1024 * 1024
_GRACE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Usage:
    """What a tree holds at one moment; ``resident`` counts a page shared by two twice."""

    processes: tuple[int, ...]
    resident_mebibytes: float

    def proportional_mebibytes(self) -> float:
        """Return the memory with shared pages counted once; slower, so asked only in doubt."""
        return sum(_proportional(pid) for pid in self.processes) / _MEBIBYTE


def usage_of(root: int) -> Usage:
    """Return what the process ``root`` and its descendants use; nothing when it is gone."""
    pids = tuple(_tree(root))
    return Usage(pids, sum(_resident(pid) for pid in pids) / _MEBIBYTE)


def _tree(root: int) -> Iterator[int]:
    children = _children()
    waiting = [root] if (_PROC / str(root)).exists() else []
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting.extend(children[pid])


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in os.scandir(_PROC):
        if entry.name.isdecimal():
            children[_parent(entry.name)].append(int(entry.name))
    return children


def _parent(pid: str) -> int:
    # The name of a program may hold spaces and parentheses: count fields after the last one.
    fields = _read(f"{pid}/stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def _resident(pid: int) -> int:
    fields = _read(f"{pid}/statm").split()
    return int(fields[1]) * _PAGE if fields else 0


def _proportional(pid: int) -> int:
    for line in _read(f"{pid}/smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return _resident(pid)


def _read(name: str) -> bytes:
    """Return the bytes of a file below ``/proc``; nothing for a process that ended meanwhile."""
    try:
        return (_PROC / name).read_bytes()
    except OSError:
        return b""


def kill_tree(root: int) -> None:
    """Kill the process and its descendants, and return once none of those seen is alive.

    Within a PID namespace the kernel kills all that were born meanwhile with its first process.
    """
    pids = usage_of(root).processes
    for pid in reversed(pids):
        _kill(pid)
    give_up = time.monotonic() + _GRACE_SECONDS
    while any(_is_alive(pid) for pid in pids) and time.monotonic() < give_up:
        time.sleep(0.005)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    state = _read(f"{pid}/stat").rpartition(b")")[2].split()
    return bool(state) and state[0] not in (b"Z", b"X")
