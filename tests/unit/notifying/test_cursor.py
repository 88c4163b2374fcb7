from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import Interrupted, Unavailable
from turnpike.notifying.cursor import Place, cursor_of


def test_each_sink_has_a_place_of_its_own(tmp_path: Path) -> None:
    place = Place(commit=ObjectId("a" * 40), event="sha256:1")
    with cursor_of(tmp_path, "one") as one, cursor_of(tmp_path, "other") as other:
        one.write(place)
        assert (one.read(), other.read()) == (place, None)
    with cursor_of(tmp_path, "one") as again:
        assert again.read() == place


def test_two_runs_do_not_tell_one_sink_at_once(tmp_path: Path) -> None:
    with (
        cursor_of(tmp_path, "one"),
        pytest.raises(Interrupted, match="Another process"),
        cursor_of(tmp_path, "one"),
    ):
        pass


def test_the_name_of_the_file_tells_nothing_of_the_sink(tmp_path: Path) -> None:
    with cursor_of(tmp_path, "secret") as cursor:
        assert "secret" not in str(cursor.file)


def test_a_damaged_place_is_said_and_never_taken_for_none(tmp_path: Path) -> None:
    with cursor_of(tmp_path, "one") as cursor:
        cursor.file.write_text("{")
        with pytest.raises(Unavailable, match="place in the record"):
            cursor.read()
