"""Verbs in processes of their own, so that they race, are killed or run out of room for real.

A fork starts at once with everything imported; it is a process like any other to Git and files.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from end_to_end.world import World

SECONDS = 600.0


def start(does: Callable[[], int]) -> int:
    """Run something in a child whose exit code is what it returns; return the child's id."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = does()
    finally:
        os._exit(code)


def end(child: int) -> int:
    """Wait for a child; return its exit code, negative where a signal ended it."""
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def wait_until_quiet(world: World) -> None:
    """Wait until what killed processes had started has ended as well."""
    ends = time.monotonic() + SECONDS
    while any(str(world.folder).encode() in line for line in _command_lines()):
        assert time.monotonic() < ends
        time.sleep(0.02)


def _command_lines() -> list[bytes]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(file.read_bytes())
        except OSError:
            continue
    return found
