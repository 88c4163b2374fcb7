"""Only what a dead starter left goes: nobody's running work, and nothing of unknown origin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from turnpike.sandbox.leftovers import remove_leftovers
from unit.sandbox.engines import engine


def dead() -> int:
    """Return the id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_what_a_dead_process_started_goes_and_everything_else_stays(tmp_path: Path) -> None:
    engines = engine(tmp_path)
    containers = tmp_path / "containers"
    owners = {
        "of-the-dead": str(dead()),
        "of-this-one": str(os.getpid()),
        "of-nobody": "",
        "of-a-word": "../1",
        "of-a-negative": "-1",
    }
    for name, owner in owners.items():
        (containers / name).write_text(owner)
    remove_leftovers(engines)
    assert {file.name for file in containers.iterdir()} == set(owners) - {"of-the-dead"}


def test_an_engine_that_lists_nothing_is_left_alone(tmp_path: Path) -> None:
    remove_leftovers(engine(tmp_path))
    assert list((tmp_path / "containers").iterdir()) == []
