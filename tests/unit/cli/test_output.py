"""What verbs print: aligned and escaped for people, one document for machines."""

from __future__ import annotations

import json

import pytest

from turnpike.cli.output import emit, numbered, style, table
from unit.judge.examples import review


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("a", "bb"), [("long", "x"), ("y", "z")]) == [
        "a     bb", "----  --", "long  x", "y     z",
    ]  # fmt: skip


def test_a_table_without_rows_shows_its_headings() -> None:
    assert table(("part", "state"), []) == ["part  state", "----  -----"]


def test_a_table_is_no_wider_than_the_terminal_that_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "10")
    assert table(("a", "bb"), [("long", "x y z x")]) == [
        "a     bb",
        "----  ----",
        "long  x y",
        "      z x",
    ]


def test_cells_do_nothing_to_a_terminal() -> None:
    shown = "".join(table(("a",), [("\x1b[2J\n\u202e",)]))
    assert not {"\x1b", "\n", "\u202e"} & set(shown)


def test_a_colour_is_left_out_where_nobody_is_looking(capsys: pytest.CaptureFixture[str]) -> None:
    assert style("text", fg="red") == "text"
    assert capsys.readouterr().out == ""


def test_no_colour_is_shown_where_no_color_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert style("text", fg="red") == "text"


@pytest.mark.parametrize(("count", "said"), [(0, "0 models"), (1, "1 model"), (2, "2 models")])
def test_one_is_not_several(count: int, said: str) -> None:
    assert numbered(count, "model") == said


def test_machines_get_one_document_and_people_get_lines(capsys: pytest.CaptureFixture[str]) -> None:
    emit(as_json=True, value=[{"a": "é"}], lines=["a line"])
    assert json.loads(capsys.readouterr().out) == [{"a": "é"}]
    emit(as_json=False, value=[], lines=["a line", "another"])
    assert capsys.readouterr().out == "a line\nanother\n"


def test_a_document_is_printed_by_the_names_that_its_file_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    emit(as_json=True, value=review("tom"), lines=[])
    assert json.loads(capsys.readouterr().out)["account"] == "tom"
