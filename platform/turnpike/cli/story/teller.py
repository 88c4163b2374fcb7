"""Tell a chapter, run what a person would type, and check that it ends as the story says."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass, field

import click

from turnpike.cli.output import style, table
from turnpike.errors import CannotDecide, Defect, TurnpikeError
from turnpike.explain.escape import for_terminal

_SHOWN_LINES = 16
_ONCE_MORE = (
    "Where a check of time failed, let this machine finish its other work and run the same again; "
    "else report it with these lines."
)


Call = Callable[[tuple[str, ...]], tuple[int, str, TurnpikeError | None]]
"""Calls a verb: its exit code, what it printed, and what it raised."""


@dataclass(frozen=True, slots=True)
class Step:
    """One chapter that was told: its number, title, outcome and length in seconds."""

    number: int
    title: str
    outcome: str
    seconds: float


@dataclass(slots=True)
class Teller:
    """Prints the story and keeps its steps; ``quiet`` leaves only the failures.

    ``call`` calls verbs otherwise than in this process.
    """

    quiet: bool = False
    steps: list[Step] = field(default_factory=list)
    call: Call | None = None

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

    def run(self, *words: str, expect: int | None = 0, shows: str = "") -> str:
        """Run one verb as a person would type it, and return what it printed.

        Raises Defect where it does not end with exit code ``expect`` or does not show ``shows``,
        and what the verb raised where the world failed: a part that is missing is no defect.
        """
        self.command(*words)
        code, output, failure = (self.call or _called)(words)
        self._show(output)
        if isinstance(failure, CannotDecide) and expect not in (None, code):
            raise failure
        if expect not in (None, code) or shows not in output:
            wanted = f"exit code {expect}" + (f" and {shows!r}" if shows else "")
            raise Defect(
                f"turnpike {' '.join(words)}: expected {wanted}, got exit code {code}:\n{output}",
                solution=_ONCE_MORE,
            )
        return output

    def command(self, *words: str, beside: bool = False) -> None:
        """Show a command line; ``beside`` says that it goes on while the story does."""
        line = " ".join(_quoted(word) for word in ("turnpike", *words))
        self._print(style(f"  $ {line}{' &' if beside else ''}", fg="cyan"))

    def expect(self, wanted: str, text: str) -> None:
        """Show what another process said; raises Defect where ``wanted`` is not in it."""
        self._show(text)
        if wanted not in text:
            raise Defect(f"expected {wanted!r}, got:\n{text}", solution=_ONCE_MORE)

    def take_over(self, steps: str) -> None:
        """Go on after the steps that another process told, given as JSON."""
        self.steps += [Step(**step) for step in json.loads(steps)]

    def as_json(self) -> list[dict[str, str | int | float]]:
        """Return the steps as plain values."""
        return [asdict(step) for step in self.steps]

    def closing(self) -> list[str]:
        """Return the table of what happened, with the time of each chapter."""
        rows = [(str(s.number), s.title, s.outcome, f"{s.seconds:6.1f} s") for s in self.steps]
        total = sum(step.seconds for step in self.steps)
        rows.append(("", "in all", "", f"{total:6.1f} s"))
        return ["", *table(("", "chapter", "what happened", "time"), rows)]

    def _show(self, output: str) -> None:
        lines = output.rstrip().splitlines()
        for line in lines[:_SHOWN_LINES]:
            self._print(f"    {line}")
        if len(lines) > _SHOWN_LINES:
            self._print(f"    ... {len(lines) - _SHOWN_LINES} more lines")

    def _print(self, text: str) -> None:
        if not self.quiet:
            click.echo(text)
            sys.stdout.flush()


def _called(words: tuple[str, ...]) -> tuple[int, str, TurnpikeError | None]:
    """Call a verb in this process; its standard output is caught, its progress is not."""
    from turnpike.cli.main import root

    caught = io.StringIO()
    try:
        with redirect_stdout(caught):
            root.main(args=list(words), prog_name="turnpike", standalone_mode=False)
    except SystemExit as end:
        return (end.code if isinstance(end.code, int) else 1), caught.getvalue(), None
    except TurnpikeError as error:
        said = f"{caught.getvalue()}{error.code}: {error.message}\n"
        return error.exit_code, said, error
    return 0, caught.getvalue(), None


def _quoted(word: str) -> str:
    return f"'{for_terminal(word)}'" if " " in word else for_terminal(word)
