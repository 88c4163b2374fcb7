"""Calls a verb in this process, exactly as the launcher would, and keeps what it said."""

from __future__ import annotations

import io
import json
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from turnpike.cli.main import main


@dataclass(frozen=True, slots=True)
class Told:
    """What one verb printed, and its exit code."""

    words: tuple[str, ...]
    code: int
    output: str
    errors: str

    def json(self) -> Any:
        """Return the JSON document that it printed."""
        return json.loads(self.output)

    def __str__(self) -> str:
        """Show all of it, for whoever reads a failed test."""
        return f"turnpike {' '.join(self.words)}: exit code {self.code}\n{self.output}{self.errors}"


def call(folder: Path, *words: str) -> Told:
    """Call ``turnpike WORDS`` in a folder."""
    output, errors = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["turnpike", *words]
    try:
        with chdir(folder), redirect_stdout(output), redirect_stderr(errors):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    else:
        code = 0
    finally:
        sys.argv = before
    return Told(words, code, output.getvalue(), errors.getvalue())
