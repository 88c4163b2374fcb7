"""Whoever closes what is printed on, or read from, changes no exit code and spoils no file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import turnpike

SOURCES = Path(turnpike.__file__).parents[1]
CAREFUL = """
import pathlib, subprocess, sys
from turnpike.cli.standard_streams import open_closed
open_closed()
with pathlib.Path(sys.argv[1]).open("w") as database:
    database.write("kept")
    database.flush()
    print("said")
    print("said", file=sys.stderr)
    subprocess.run([sys.executable, "-c", "print('said')"], check=True)
    read = sys.stdin.read()
pathlib.Path(sys.argv[1]).with_suffix(".read").write_text(repr(read))
"""


def closed(which: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with standard streams that a shell has closed."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" "$@" {which}', sys.executable, *words],
        cwd=SOURCES.parent,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("which", "words", "exit_code"),
    [
        (">&-", ("sod",), 0),
        ("2>&-", ("nosuch",), 2),
        ("2</dev/null", ("nosuch",), 2),  # what a shell without it does for its script
        ("1</dev/null", ("sod", "--json"), 0),
        (">&- 2>&-", ("nosuch", "--json"), 2),
        ("<&- >&-", ("gate", "--facts", "-", "--bundle", os.devnull), 2),
    ],
)
def test_a_closed_stream_changes_no_exit_code(
    which: str, words: tuple[str, ...], exit_code: int
) -> None:
    done = closed(which, "-m", "turnpike", *words)
    assert done.returncode == exit_code, done.stderr


@pytest.mark.parametrize("which", ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_nothing_that_is_printed_lands_in_a_file_that_is_opened_later(
    which: str, tmp_path: Path
) -> None:
    database = tmp_path / "database"
    done = closed(which, "-c", CAREFUL, str(database))
    assert done.returncode == 0, done.stderr
    assert database.read_text("utf-8") == "kept"
    assert database.with_suffix(".read").read_text("utf-8") == "''"
