"""``turnpike schemas`` writes what is exported, and again changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

from turnpike.schemas.export import export_schemas
from unit.cli.calling import answered, told

COMMITTED = Path(__file__).parents[3] / "docs" / "schemas"


def test_every_schema_is_written_where_it_was_asked_for_and_nowhere_else(tmp_path: Path) -> None:
    into = tmp_path / "a" / "b"
    names = answered(tmp_path, "schemas", "--into", str(into))
    assert names == sorted(export_schemas())
    assert sorted(path.name for path in into.iterdir()) == names
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert all(isinstance(json.loads(path.read_text()), dict) for path in into.iterdir())


def test_writing_again_changes_no_byte_and_leaves_other_files(tmp_path: Path) -> None:
    told(tmp_path, "schemas", "--into", str(tmp_path))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "README.md").write_text("mine")
    told(tmp_path, "schemas", "--into", str(tmp_path))
    (tmp_path / "README.md").unlink()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_committed_schemas_are_those_of_the_documents(tmp_path: Path) -> None:
    told(tmp_path, "schemas", "--into", str(tmp_path))
    for path in tmp_path.iterdir():
        assert (COMMITTED / path.name).read_bytes() == path.read_bytes(), path.name
