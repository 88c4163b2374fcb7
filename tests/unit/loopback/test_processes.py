"""Processes that are ended, halted and started again."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from turnpike.loopback.processes import Processes

ASLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with Processes(tmp_path / "logs") as made:
        yield made


def alive(processes: Processes, name: str) -> bool:
    return processes.running[name].process.poll() is None


def environment_of(process: int) -> bytes:
    """Return what a process was started with; the kernel has it a moment after the start."""
    file, tries = Path(f"/proc/{process}/environ"), 6_000
    while not (found := file.read_bytes()) and (tries := tries - 1):
        time.sleep(0.01)
    return found


def test_processes_are_gone_in_the_block_and_back_after_it(processes: Processes) -> None:
    for name in ("one", "other"):
        processes.start(name, ASLEEP, {"MARK": name})
    first = processes.running["one"].process.pid
    with processes.without("one"):
        assert not alive(processes, "one")
        assert alive(processes, "other")
    again = processes.running["one"].process.pid
    assert alive(processes, "one")
    assert again != first
    assert b"MARK=one" in environment_of(again)
    assert list(processes.running) == ["one", "other"]


def test_they_are_back_after_a_failure_too(processes: Processes) -> None:
    processes.start("one", ASLEEP)
    with pytest.raises(ZeroDivisionError), processes.without("one"):
        raise ZeroDivisionError
    assert alive(processes, "one")


def test_nothing_outlives_the_world(tmp_path: Path) -> None:
    with Processes(tmp_path / "logs") as processes:
        processes.start("one", ASLEEP)
        with processes.without("one"):
            pass
        pid = processes.running["one"].process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
