"""The example that lies with an artifact, as rows; or why there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.example_rows import EXAMPLE, example_rows
from turnpike.errors import InputError


def test_each_row_is_named_by_its_columns(tmp_path: Path) -> None:
    (tmp_path / EXAMPLE).write_text('{"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}')
    assert example_rows(tmp_path) == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


@pytest.mark.parametrize("text", [None, "{", "[]", '{"columns": ["a"], "data": [[1, 2]]}', "7"])
def test_an_artifact_without_an_example_is_told_with_the_next_step(
    tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / EXAMPLE).write_text(text)
    with pytest.raises(InputError, match="expected columns and data") as caught:
        example_rows(tmp_path)
    assert "--rows" in caught.value.solution
