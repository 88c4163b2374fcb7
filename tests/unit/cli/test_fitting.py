"""Tables fit the terminal that shows them, and lose nothing by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.cli.fitting import laid_out

ROWS = [
    ("model", "environment", "artifact", "since"),
    ("oncology/biopsy-triage", "production", "sha256:58820a0e7d00", "2026-11-29 19:58:00 UTC"),
    ("oncology/second", "dev", "sha256:04678761243f", ""),
]
CELL = st.text("ab ", max_size=40).map(str.strip)


def test_a_table_that_nobody_looks_at_is_as_wide_as_its_cells() -> None:
    assert max(map(len, laid_out(ROWS, None))) == len(laid_out(ROWS, None)[2])
    assert laid_out(ROWS, None) == laid_out(ROWS, 81)


def test_what_is_too_wide_is_wrapped_between_words_and_no_word_is_broken() -> None:
    assert laid_out(ROWS, 72) == [
        "model                   environment  artifact             since",
        "----------------------  -----------  -------------------  --------------",
        "oncology/biopsy-triage  production   sha256:58820a0e7d00  2026-11-29",
        "                                                          19:58:00 UTC",
        "oncology/second         dev          sha256:04678761243f",
    ]


def test_where_not_even_the_words_fit_each_row_is_a_list_without_its_empty_cells() -> None:
    assert laid_out(ROWS, 40) == [
        "oncology/biopsy-triage",
        "  environment  production",
        "  artifact     sha256:58820a0e7d00",
        "  since        2026-11-29 19:58:00 UTC",
        "oncology/second",
        "  environment  dev",
        "  artifact     sha256:04678761243f",
    ]


def test_a_table_without_rows_or_with_one_column_fits_as_well() -> None:
    assert laid_out([("part", "state")], 5) == []
    assert laid_out([("who",), ("somebody else",)], 9) == ["who", "---------", "somebody", "else"]


@pytest.mark.parametrize("columns", [0, 1])
def test_a_terminal_that_says_it_has_no_width_shows_everything(columns: int) -> None:
    shown = "".join("".join(laid_out(ROWS, columns)).split())
    assert "sha256:58820a0e7d00" in shown
    assert "2026-11-29" in shown


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=4),
    columns=st.integers(50, 120),
)
def test_nothing_is_lost_and_no_line_is_wider_than_the_terminal(
    rows: list[tuple[str, str, str]], columns: int
) -> None:
    headings = ("first", "second", "third")
    lines = laid_out([headings, *rows], columns)
    assert all(len(line) <= columns for line in lines)
    # No heading has one of these letters.
    shown = sorted(letter for line in lines for letter in line if letter in "ab")
    assert shown == sorted(
        letter for row in rows for cell in row for letter in cell.replace(" ", "")
    )
