"""Reading an embedded registry that is missing, damaged or not one; the rest is a contract."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from turnpike.documents.identifiers import Digest
from turnpike.errors import Unavailable
from turnpike.registry.interface import RegisteredVersion
from turnpike.registry.mlflow_sqlite import DATABASE, MlflowSqliteReader


def test_a_registry_that_was_never_made_is_unavailable_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as failure:
        MlflowSqliteReader(tmp_path).find("t.m", "1")
    assert failure.value.code == "registry.unavailable"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"<html>sign in</html>" * 100)
    with pytest.raises(Unavailable, match="not a database"):
        MlflowSqliteReader(tmp_path).versions("t.m")


def test_a_database_of_another_program_is_unavailable(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE) as database:
        database.execute("CREATE TABLE versions (name TEXT)")
    with pytest.raises(Unavailable, match="no such table"):
        MlflowSqliteReader(tmp_path).versions("t.m")


def test_a_truncated_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE model_versions (name TEXT)")
        database.executemany("INSERT INTO model_versions VALUES (?)", [("x" * 900,)] * 50)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(Unavailable):
        MlflowSqliteReader(tmp_path).versions("t.m")


@pytest.mark.parametrize("location", ["s3://bucket/a", "/nowhere/at/all", "file:///nowhere"])
def test_an_artifact_that_is_not_on_this_machine_is_unavailable(
    tmp_path: Path, location: str
) -> None:
    version = RegisteredVersion("t.m", "1", Digest("sha256:" + "a" * 64), location)
    with pytest.raises(Unavailable):
        MlflowSqliteReader(tmp_path).fetch(version, tmp_path / "into")
    assert not (tmp_path / "into").exists()
