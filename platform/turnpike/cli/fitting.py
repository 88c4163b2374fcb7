"""Lays out the rows of a table so that they fit a terminal of a given width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

_GAP = 2
_LEAST_OF_LAST = 24  # Its words may be broken: nothing stands beside them on the right.

Row = Sequence[str]


def laid_out(rows: Sequence[Row], columns: int | None) -> list[str]:
    """Return the lines of a table whose first row is its headings; no cell holds a line break.

    ``columns`` is the width to fit, in characters; None: as wide as the cells are. What is too
    wide is wrapped between words within its column; where even that is too wide, each row becomes
    a list of its cells under their headings.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if columns is not None and _wide(widths) > columns:
        least = [_longest_word(column) for column in zip(*rows, strict=True)]
        least[-1] = min(least[-1], _LEAST_OF_LAST)
        if _wide(least) > columns:
            return [line for row in rows[1:] for line in _listed(rows[0], row, columns)]
        widths = _narrowed(widths, least, columns)
    rule = tuple("-" * width for width in widths)
    return [line for row in (rows[0], rule, *rows[1:]) for line in _wrapped(row, widths)]


def _wide(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _longest_word(cells: Sequence[str]) -> int:
    return max(len(word) for cell in cells for word in (*cell.split(), ""))


def _narrowed(widths: Sequence[int], least: Sequence[int], columns: int) -> list[int]:
    """Take from the widest column that can give, one character after the other."""
    found = list(widths)
    while _wide(found) > columns:
        giving = [at for at, width in enumerate(found) if width > least[at]]
        found[max(giving, key=found.__getitem__)] -= 1
    return found


def _wrapped(row: Row, widths: Sequence[int]) -> Iterator[str]:
    cells = [
        textwrap.wrap(cell, width, break_on_hyphens=False) if len(cell) > width else [cell]
        for cell, width in zip(row, widths, strict=True)
    ]
    for at in range(max(map(len, cells))):
        shown = (cell[at] if at < len(cell) else "" for cell in cells)
        yield (" " * _GAP).join(map(str.ljust, shown, widths)).rstrip()


def _listed(headings: Row, row: Row, columns: int) -> Iterator[str]:
    """Yield a row as a list: its first cell, and below it each other that is not empty."""
    yield row[0]
    beside = max(map(len, headings[1:]), default=0) + 2 * _GAP
    for heading, cell in zip(headings[1:], row[1:], strict=True):
        lead = f"{' ' * _GAP}{heading}".ljust(beside)
        width = max(columns, beside + 2)
        yield from textwrap.wrap(
            cell,
            width,
            initial_indent=lead,
            subsequent_indent=" " * beside,
            break_on_hyphens=False,
        )
