"""The service's own part: how it starts a look, and how often it asks where main is."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from turnpike.cli.serve_webhooks import Declared, Judging
from turnpike.errors import Unavailable
from turnpike.topology.organisation import Pipeline

_SESSION = "import os, sys; sys.exit(0 if os.getsid(0) == os.getpid() else 1)"
_WITH_A_CHILD = """
import subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
open("child", "w").write(str(child.pid))
time.sleep(600)
"""


def test_ctrl_c_at_the_terminal_does_not_reach_the_work_in_hand(tmp_path: Path) -> None:
    assert Judging(tmp_path, (sys.executable, "-c", _SESSION)).look(7) == 0


def test_a_look_that_never_ends_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    code = Judging(tmp_path, (sys.executable, "-c", _WITH_A_CHILD), 1.5).look(7)
    assert code not in (0, 1, 2)
    child = int((tmp_path / "child").read_text())
    until = time.monotonic() + 10
    while not _is_dead(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert _is_dead(child)


def _is_dead(process: int) -> bool:
    """Tell whether it is gone, or only waits for its parent to hear of its end."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def test_a_host_that_is_down_is_not_asked_for_main_by_every_stranger() -> None:
    asked: list[int] = []

    def down() -> tuple[Pipeline, ...]:
        asked.append(1)
        raise Unavailable("nobody answers")

    declared = Declared(down)
    for _ in range(5):
        with pytest.raises(Unavailable):
            declared.pipelines()
    assert len(asked) == 1
