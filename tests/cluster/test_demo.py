"""The demonstration on real servers, ended in the middle: no process and no folder is left."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.demonstration import Demonstration, demonstrated
from end_to_end.installed import PRODUCT


@pytest.fixture
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with demonstrated(tmp_path_factory.mktemp("d")) as made:  # sockets have no room for more
        yield made


@pytest.mark.parametrize("chapter", ["Make an instance", "Start the servers", "Connect and lock"])
def test_ctrl_c_leaves_no_process_and_no_folder(demonstration: Demonstration, chapter: str) -> None:
    demonstration.until(chapter, lambda: demonstration.is_telling(chapter))
    assert demonstration.end(signal.SIGINT) == 3
    demonstration.assert_gone()


def test_neither_does_a_second_ctrl_c_nor_an_end_by_sigterm(demonstration: Demonstration) -> None:
    def servers() -> list[str]:
        return [line for line in demonstration.processes() if "kube-apiserver" in line]

    demonstration.until("an API server", servers)
    time.sleep(1)
    os.kill(demonstration.process.pid, signal.SIGTERM)
    demonstration.end(signal.SIGINT, times=2)
    demonstration.assert_gone()


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
