"""The demonstration on real servers, ended in the middle: no process and no folder is left."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from end_to_end.installed import PRODUCT

LONGEST_SECONDS = 900.0


class Demonstration:
    """One that runs, in a session and with folders of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.scratch = folder / "demo", folder / "tmp"
        self.scratch.mkdir()
        self.said = folder / "said"
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [str(PRODUCT / "turnpike"), "demo", "--cluster", "--folder", str(self.folder)],
                cwd=PRODUCT,
                env={**os.environ, "TMPDIR": str(self.scratch), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def until(self, what: str, is_so: Callable[[], object]) -> None:
        """Wait until something is so while it runs."""
        ends = time.monotonic() + LONGEST_SECONDS
        while not is_so():
            assert self.process.poll() is None, self.said.read_text("utf-8")
            assert time.monotonic() < ends, f"never: {what}\n{self.said.read_text('utf-8')}"
            time.sleep(0.05)

    def is_telling(self, chapter: str) -> bool:
        return chapter in self.said.read_text("utf-8")

    def processes(self) -> list[str]:
        """Return the command lines of all processes that know of one of its folders."""
        return [line for line in _command_lines() if str(self.folder.parent) in line]

    def end(self, signal_number: int, times: int = 1) -> int:
        """Send a signal as a terminal does, to all of its group; return the exit code."""
        for _ in range(times):
            os.killpg(self.process.pid, signal_number)
            time.sleep(0.3)
        return self.process.wait(600)


def _command_lines() -> Iterator[str]:
    """Yield what each process but this one and its parents was called with, and its settings."""
    for one in Path("/proc").glob("[0-9]*"):
        try:
            words = (one / "cmdline").read_bytes() + b"\0" + (one / "environ").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if int(one.name) != os.getpid():
            yield words.replace(b"\0", b" ").decode("utf-8", "replace")


@pytest.fixture
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    made = Demonstration(tmp_path_factory.mktemp("d"))  # sockets have no room for longer names
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def is_gone(made: Demonstration) -> None:
    """The kernel ends what its starter has left behind; that takes a moment."""
    ends = time.monotonic() + LONGEST_SECONDS
    while left := made.processes():
        assert time.monotonic() < ends, left
        time.sleep(0.05)
    assert not made.folder.exists()
    assert list(made.scratch.iterdir()) == []


@pytest.mark.parametrize("chapter", ["Make an instance", "Start the servers", "Connect and lock"])
def test_ctrl_c_leaves_no_process_and_no_folder(demonstration: Demonstration, chapter: str) -> None:
    demonstration.until(chapter, lambda: demonstration.is_telling(chapter))
    assert demonstration.end(signal.SIGINT) == 3
    is_gone(demonstration)


def test_neither_does_a_second_ctrl_c_nor_an_end_by_sigterm(demonstration: Demonstration) -> None:
    def servers() -> list[str]:
        return [line for line in demonstration.processes() if "kube-apiserver" in line]

    demonstration.until("an API server", servers)
    time.sleep(1)
    os.kill(demonstration.process.pid, signal.SIGTERM)
    demonstration.end(signal.SIGINT, times=2)
    is_gone(demonstration)


def test_a_folder_that_is_no_demonstration_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years")
    done = subprocess.run(
        [str(PRODUCT / "turnpike"), "demo", "--cluster", "--folder", str(mine)],
        check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert (mine / "thesis.txt").read_text() == "years"
