"""Ctrl-C and SIGTERM end a process while modules are loaded; from then on they unwind it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SETTING = """
import os, signal, sys
from turnpike.cli import interruption
"""
CTRL_C = "os.kill(os.getpid(), signal.SIGINT)\n"
SIGTERM = "os.kill(os.getpid(), signal.SIGTERM)\n"
BOTH = pytest.mark.parametrize("told", [CTRL_C, SIGTERM], ids=["Ctrl-C", "SIGTERM"])


def ran(text: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SETTING + text, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@BOTH
def test_it_ends_at_once_and_says_so(told: str) -> None:
    done = ran(f"interruption.end_at_once()\n{told}print('went on')")
    assert (done.returncode, done.stdout) == (3, "")
    said = "\nturnpike: interrupted\n  Interrupted.\n  next: Run the same command again.\n"
    assert done.stderr == said


def test_a_machine_gets_one_document() -> None:
    done = ran(f"interruption.end_at_once()\n{CTRL_C}print('went on')", "status", "--json")
    assert (done.returncode, done.stderr) == (3, "")
    assert json.loads(done.stdout) == {
        "error": "interrupted",
        "message": "Interrupted.",
        "solution": "Run the same command again.",
    }


def test_nobody_needs_to_listen() -> None:
    done = ran(f"interruption.end_at_once()\nos.close(2)\n{CTRL_C}print('went on')")
    assert (done.returncode, done.stdout) == (3, "")


@BOTH
def test_afterwards_what_runs_can_tidy_up(told: str) -> None:
    text = "interruption.end_at_once()\ninterruption.unwind()\n"
    text += f"try:\n    {told}except KeyboardInterrupt:\n    print('tidied up')"
    done = ran(text)
    assert (done.returncode, done.stdout) == (0, "tidied up\n")


@BOTH
def test_what_is_made_by_exec_takes_the_exit_code_of_nobody(told: str, tmp_path: Path) -> None:
    """A dataclass makes its methods so; only ``-m`` ends as CPython remembers it."""
    text = "interruption.end_at_once()\ninterruption.unwind()\n"
    text += f"try:\n    exec({told + 'for _ in range(9): pass'!r})\nexcept KeyboardInterrupt:\n"
    (tmp_path / "interrupted.py").write_text(f"{SETTING}{text}    sys.exit(3)\n")
    path = os.pathsep.join((str(tmp_path), *sys.path))
    done = subprocess.run(
        [sys.executable, "-m", "interrupted"],
        env={**os.environ, "PYTHONPATH": path},
        check=False,
        timeout=300,
    )
    assert done.returncode == 3


@BOTH
def test_what_was_started_deaf_stays_deaf(told: str) -> None:
    deaf = "for number in (signal.SIGINT, signal.SIGTERM):\n"
    deaf += "    signal.signal(number, signal.SIG_IGN)\n"
    done = ran(f"{deaf}interruption.end_at_once()\ninterruption.unwind()\n{told}print('went on')")
    assert (done.returncode, done.stdout) == (0, "went on\n")
