"""Tell a chapter, run what a person would type, and check that it ends as the story says."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import click

from turnpike.cli.output import style, table
from turnpike.errors import Defect, TurnpikeError
from turnpike.explain.escape import for_terminal
from turnpike.topology.organisation import Person

_SHOWN_LINES = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One chapter that was told: its number, title, outcome and length in seconds."""

    number: int
    title: str
    outcome: str
    seconds: float


@dataclass(slots=True)
class Teller:
    """Prints the story and keeps its steps; ``quiet`` leaves only the failures."""

    quiet: bool = False
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def chapter(self, title: str, outcome: str) -> Iterator[None]:
        """Tell one chapter; ``outcome`` is what the closing table says of it."""
        number = len(self.steps) + 1
        self._print("\n" + style(f"{number}. {title}", bold=True))
        started = time.monotonic()
        yield
        self.steps.append(Step(number, title, outcome, time.monotonic() - started))

    def say(self, text: str) -> None:
        """Tell something in plain words."""
        self._print(style(text, dim=True))

    def run(self, *words: str, expect: int = 0, shows: str = "") -> str:
        """Run one verb as a person would type it, and return what it printed.

        Raises Defect where it does not end with exit code ``expect`` or does not show ``shows``.
        """
        self._print(style(f"  $ turnpike {' '.join(_quoted(word) for word in words)}", fg="cyan"))
        code, output = _called(words)
        lines = output.rstrip().splitlines()
        for line in lines[:_SHOWN_LINES]:
            self._print(f"    {line}")
        if len(lines) > _SHOWN_LINES:
            self._print(f"    ... {len(lines) - _SHOWN_LINES} more lines")
        if code != expect or shows not in output:
            wanted = f"exit code {expect}" + (f" and {shows!r}" if shows else "")
            raise Defect(
                f"turnpike {' '.join(words)}: expected {wanted}, got exit code {code}:\n{output}"
            )
        return output

    def closing(self) -> None:
        """Print the table of what happened, with the time of each chapter."""
        rows = [(str(s.number), s.title, s.outcome, f"{s.seconds:6.1f} s") for s in self.steps]
        total = sum(step.seconds for step in self.steps)
        rows.append(("", "in all", "", f"{total:6.1f} s"))
        click.echo()
        for line in table(("", "chapter", "what happened", "time"), rows):
            click.echo(line)

    def _print(self, text: str) -> None:
        if not self.quiet:
            click.echo(text)
            sys.stdout.flush()


def _called(words: tuple[str, ...]) -> tuple[int, str]:
    """Call a verb in this process; its standard output is caught, its progress is not."""
    from turnpike.cli.main import root

    caught = io.StringIO()
    try:
        with redirect_stdout(caught):
            root.main(args=list(words), prog_name="turnpike", standalone_mode=False)
    except SystemExit as end:
        return (end.code if isinstance(end.code, int) else 1), caught.getvalue()
    except TurnpikeError as error:
        return error.exit_code, f"{caught.getvalue()}{error.code}: {error.message}\n"
    return 0, caught.getvalue()


def _quoted(word: str) -> str:
    return f"'{for_terminal(word)}'" if " " in word else for_terminal(word)


@dataclass(frozen=True, slots=True)
class Clone:
    """The monorepo as the people of the story work in it."""

    folder: Path

    def git(self, *words: str, by: Person | None = None) -> str:
        """Run git in the clone, in the name of a person."""
        named = ("-c", f"user.name={by.name}", "-c", f"user.email={by.email}") if by else ()
        done = subprocess.run(
            ["git", "-C", str(self.folder), *named, *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        )
        if done.returncode:
            raise Defect(f"git {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def branch(self, name: str) -> None:
        """Start a branch at main as the host has it now."""
        self.git("fetch", "--quiet", "origin")
        self.git("switch", "--quiet", "--force-create", name, "origin/main")

    def commit(self, folder: str, message: str, by: Person) -> None:
        """Commit one folder in the name of a person."""
        self.git("add", "--", folder)
        self.git("commit", "--quiet", "--message", message, "--", folder, by=by)
