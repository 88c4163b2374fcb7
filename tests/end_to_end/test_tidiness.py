"""What a verb keeps while it runs is gone when it ends, is replaced, or is told to stop."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import turnpike
from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.installed import PRODUCT

_HOLDING = """#!/bin/sh
if [ "$1" = version ]; then exec {opa} "$@"; fi
: >{asked}
exec {sleep} 60
"""


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    return merged.copied()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The folder in which processes keep what is theirs alone."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def started(bench: Bench, kept: Path, *command: str, **variables: str) -> subprocess.Popen[str]:
    """Start a command in the clone."""
    return subprocess.Popen(
        command,
        cwd=bench.world.folder / "monorepo",
        env={**os.environ, "TMPDIR": str(kept), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    "words",
    [("gate", "--base", "main", "--head", "main"), ("sweep",), ("verify",)],
    ids=lambda words: words[0],
)
def test_nothing_is_left_behind(bench: Bench, kept: Path, words: tuple[str, ...]) -> None:
    process = started(bench, kept, str(PRODUCT / "turnpike"), *words)
    output, errors = process.communicate(timeout=600)
    assert process.returncode in (0, 1), output + errors
    assert not list(kept.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_is_told_to_stop_tidies_up_first(
    bench: Bench, kept: Path, tmp_path: Path, number: signal.Signals
) -> None:
    asked, opa = tmp_path / "asked", tmp_path / "opa"
    real, sleep = os.environ["TURNPIKE_OPA"], shutil.which("sleep")
    opa.write_text(_HOLDING.format(opa=real, asked=asked, sleep=sleep), "utf-8")
    opa.chmod(0o755)
    change = bench.proposed(bench.draft("diabetes").edited(DESCRIPTION))
    # Not by the launcher, which names the OPA that is pinned.
    judge = (sys.executable, "-P", "-m", "turnpike", "gate", "--pr", str(change))
    source = str(Path(turnpike.__file__).parents[1])
    process = started(bench, kept, *judge, TURNPIKE_OPA=str(opa), PYTHONPATH=source)
    while not asked.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    assert list(kept.iterdir())
    process.send_signal(number)
    _, errors = process.communicate(timeout=600)
    assert (process.returncode, "Interrupted." in errors) == (3, True), errors
    assert not list(kept.iterdir())
