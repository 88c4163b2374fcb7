"""Waiting until what a killed process had started has ended as well."""

from __future__ import annotations

import os
import time
from pathlib import Path

SECONDS = 300.0


def wait_until_quiet(folder: Path) -> None:
    """Wait until no command line names the folder, but those of the children of this process."""
    ends = time.monotonic() + SECONDS
    while left := [line for line in _command_lines_of_others() if str(folder).encode() in line]:
        assert time.monotonic() < ends, left
        time.sleep(0.02)


def _command_lines_of_others() -> list[bytes]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = process.joinpath("stat").read_bytes().rpartition(b")")[2].split()[1]
            if int(parent) != os.getpid():
                found.append(process.joinpath("cmdline").read_bytes())
        except (OSError, IndexError):  # it has ended meanwhile
            continue
    return found
