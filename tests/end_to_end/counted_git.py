"""A git that counts its runs, and at one of them kills the process that merges."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

When = Literal["before", "after"]

_SCRIPT = """#!/bin/sh
# Stands before git on PATH: logs the command, then is git.
for word in "$@"; do
  case $word in
  -c) skip=1 ;;
  -*) ;;
  *) [ -n "$skip" ] && skip= || {{ name=$word; break; }} ;;
  esac
done
echo "$name" >>'{folder}/log'
if [ "$(wc -l <'{folder}/log')" -eq {run} ]; then
  if [ {when} = after ]; then '{git}' "$@"; fi
  kill -9 "$(cat '{folder}/victim')"
  exit 137
fi
exec '{git}' "$@"
"""


@dataclass(frozen=True, slots=True)
class CountedGit:
    """A folder for PATH whose git kills at its ``run``-th run (0: never)."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, run: int = 0, when: When = "before") -> CountedGit:
        """Write the program into a new folder."""
        git = shutil.which("git")
        assert git
        folder.mkdir()
        (folder / "log").write_text("")
        program = folder / "git"
        program.write_text(_SCRIPT.format(folder=folder, git=git, run=run, when=when))
        program.chmod(0o755)
        return cls(folder)

    def use(self) -> None:
        """Let this process find it first, and be what it kills."""
        (self.folder / "victim").write_text(str(os.getpid()))
        os.environ["PATH"] = f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    @property
    def commands(self) -> list[str]:
        """Return the names of the commands that were run, in order."""
        return (self.folder / "log").read_text().split()
