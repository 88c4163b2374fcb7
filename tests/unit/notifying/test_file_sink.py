from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.errors import InputError, Unavailable
from turnpike.notifying.file_sink import FileSink
from unit.notifying.samples import sample_event


def test_what_a_killed_writer_left_of_a_line_is_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "events"
    sink = FileSink(file)
    sink.send(sample_event("1"))
    whole = file.read_bytes()
    for length in (1, 5, 14, len(whole) - 1):
        file.write_bytes(whole + whole[:length])
        sink.send(sample_event("2"))
        assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["1", "2"]


def test_a_file_of_something_else_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    file.write_text("notes without an end")
    with pytest.raises(InputError, match="file of events"):
        FileSink(file).send(sample_event())
    assert file.read_text() == "notes without an end"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        FileSink(tmp_path / "none" / "events").send(sample_event())
