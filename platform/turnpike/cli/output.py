"""How every verb prints: lines for people, one JSON document for machines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from turnpike.cli.fitting import laid_out
from turnpike.errors import InputError, Unavailable
from turnpike.explain.escape import for_json, for_terminal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pydantic import BaseModel

UNWRITABLE = "output.unwritable"

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document instead of text."
)


def emit(as_json: bool, value: object, lines: Iterable[str]) -> None:
    """Print the value (a document, or plain JSON values) or the lines, escaped already."""
    if as_json:
        say(for_json(json.dumps(_plain(value), indent=2, ensure_ascii=False)))
        return
    for line in lines:
        say(line)


def say(text: str = "", *, newline: bool = True, err: bool = False) -> None:
    """Print text, escaped already, on standard output or standard error.

    Where nobody reads it any more, all that follows goes nowhere: what a verb decides, and with
    which exit code it ends, must not depend on who listens. Raises Unavailable for a full disk.
    """
    try:
        click.echo(text, nl=newline, err=err)
    except BrokenPipeError:
        _go_nowhere(err)
    except OSError as error:
        raise unwritable(error, err=err) from error


def unwritable(error: OSError, *, err: bool = False) -> Unavailable:
    """Return the failure of a write to standard output or error; all that follows goes nowhere."""
    _go_nowhere(err)
    return Unavailable(
        f"standard {'error' if err else 'output'}: expected to write to it, got: {error.strerror}",
        solution="Make room, or print to somewhere else.",
        code=UNWRITABLE,
    )


def _go_nowhere(err: bool) -> None:
    # Python flushes once more at its end, and would fail then.
    os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())


def emit_canonical(documents: Sequence[BaseModel]) -> None:
    """Print the canonical JSON of one document, or of all as a list: those bytes, no newline."""
    from turnpike.documents.canonical import canonical, to_json

    values = [to_json(one) for one in documents]
    content = canonical(values[0] if len(values) == 1 else values)
    say(content.decode("utf-8"), newline=False)


def write_file(file: Path, content: bytes) -> None:
    """Write a file that somebody named; raises InputError where that can't be done."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{file}: expected to write there, got: {error.strerror}", code="input.unwritable"
        ) from error


def _plain(value: object) -> object:
    """Return documents as the values that their files hold, also within a list."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    dump = getattr(value, "model_dump", None)
    return dump(mode="json", by_alias=True) if dump else value


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table with aligned columns; cells are escaped here.

    On a terminal they are no wider than it: see ``laid_out``.
    """
    cells = [[for_terminal(cell) for cell in row] for row in (headings, *rows)]
    return laid_out(cells, _columns())


def _columns() -> int | None:
    """Return how wide the terminal is that shows what is printed; None where there is none."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def numbered(count: int, noun: str) -> str:
    """Return a count with its noun, such as ``1 model`` or ``2 models``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def as_word(path: Path) -> str:
    """Return a path as a word of a command that people paste into a shell, blanks and all."""
    import shlex

    return for_terminal(shlex.quote(str(path)))


def to_the_second(moment: datetime) -> str:
    """Return an instant as people read it in tables, with its zone."""
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z")


def progress(text: str) -> None:
    """Say what is being done, on standard error, unless a machine is reading."""
    if "--json" not in sys.argv:
        say(f"  .. {for_terminal(text)}", err=True)


Progress = Callable[[str], None]


def style(text: str, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
    """Return the text in a colour, or plainly where NO_COLOR is set or nobody is looking."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return click.style(text, fg=fg, bold=bold or None, dim=dim or None)
