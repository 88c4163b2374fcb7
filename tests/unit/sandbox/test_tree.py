"""The usage of a process tree, and the end of it."""

import os
import subprocess
import sys
from pathlib import Path

from turnpike.sandbox.tree import kill_tree, usage_of

FAMILY = """
import os, time
block = bytearray({size})
if os.fork() == 0:
    os.fork()
print(flush=True)
time.sleep(60)
"""


def _family(size: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", FAMILY.format(size=size)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.stdout.close()
    return process


def test_the_grandchildren_of_a_process_are_counted() -> None:
    process = _family(1)
    try:
        assert len(usage_of(process.pid).processes) == 3
    finally:
        kill_tree(process.pid)
        process.wait()


def test_memory_that_processes_share_is_counted_once_when_looked_at_closely() -> None:
    size = 64 * 1024 * 1024
    process = _family(size)
    try:
        usage = usage_of(process.pid)
        assert usage.resident_mebibytes >= 3 * 64
        assert 64 <= usage.proportional_mebibytes() < 2 * 64
    finally:
        kill_tree(process.pid)
        process.wait()


def test_killing_a_tree_leaves_none_of_its_processes() -> None:
    process = _family(1)
    pids = usage_of(process.pid).processes
    kill_tree(process.pid)
    process.wait()
    assert [pid for pid in pids if _command(pid)] == []


def test_a_process_that_is_gone_uses_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-I", "-c", ""])
    process.wait()
    assert usage_of(process.pid).processes == ()
    assert usage_of(os.getpid()).resident_mebibytes > 0


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
