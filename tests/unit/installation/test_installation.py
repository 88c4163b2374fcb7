"""An installation is a commit's own code, whole or not there at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.git.repository import Repository
from turnpike.installation.installation import installation_of, source_of
from turnpike.installation.naming import cache_folder, folder_at
from unit.git.folder import MAIN, commit_files

FILES: dict[str, bytes | None] = {
    "platform/turnpike/judge.py": b"judge = 1\n",
    "turnpike": b"#!/bin/sh\n",
    "models/oncology/triage/model.yaml": b"base\n",
    "models/oncology/other/model.yaml": b"base\n",
    "docs/a.md": b"text\n",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("TURNPIKE_CACHE", str(tmp_path / "cache"))
    return Repository.create(tmp_path / "host.git")


@pytest.fixture
def base(repository: Repository) -> ObjectId:
    commit = commit_files(repository, FILES)
    repository.update_ref(MAIN, commit, None)
    return commit


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_an_installation_holds_the_code_of_its_commit_alone(
    repository: Repository, base: ObjectId
) -> None:
    folder = installation_of(repository, base)
    assert set(files_in(folder)) == {"platform/turnpike/judge.py", "turnpike"}
    assert folder.is_relative_to(cache_folder())


def test_the_code_of_an_installation_is_compiled_under_the_names_of_its_place(
    repository: Repository, base: ObjectId
) -> None:
    folder = installation_of(repository, base) / "platform" / "turnpike"
    (compiled,) = (folder / "__pycache__").glob("judge.*.pyc")
    assert str(folder / "judge.py").encode() in compiled.read_bytes()


def test_commits_with_the_same_code_share_one_installation(
    repository: Repository, base: ObjectId
) -> None:
    words = commit_files(repository, {"docs/a.md": b"other\n"}, base)
    code = commit_files(repository, {"platform/turnpike/judge.py": b"judge = 2\n"}, base)
    folder = installation_of(repository, base)
    assert installation_of(repository, words) == folder
    other = installation_of(repository, code)
    assert other != folder
    assert files_in(other)["platform/turnpike/judge.py"] == b"judge = 2\n"


def test_nothing_half_written_stays_beside_it(repository: Repository, base: ObjectId) -> None:
    folder = installation_of(repository, base)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_the_quick_way_finds_what_the_slow_way_wrote(
    repository: Repository, base: ObjectId
) -> None:
    assert folder_at(repository.path, MAIN) is None
    assert folder_at(repository.path, MAIN) != installation_of(repository, base)
    assert folder_at(repository.path, MAIN) == installation_of(repository, base)
    assert folder_at(repository.path, "refs/heads/unknown") is None
    assert folder_at(repository.path.parent / "nowhere", MAIN) is None


def test_a_build_takes_of_a_head_its_model_and_nothing_else(
    repository: Repository, base: ObjectId, tmp_path: Path
) -> None:
    hostile: dict[str, bytes | None] = {
        "models/oncology/triage/model.yaml": b"head\n",
        "models/oncology/other/model.yaml": b"head\n",
        "platform/turnpike/judge.py": b"judge = 'bribed'\n",
        "pants.toml": b"[GLOBAL]\n",
    }
    head = commit_files(repository, hostile, base)
    found = files_in(source_of(repository, base, {"oncology/triage": head}, tmp_path / "source"))
    assert found == {
        "platform/turnpike/judge.py": b"judge = 1\n",
        "turnpike": b"#!/bin/sh\n",
        "models/oncology/triage/model.yaml": b"head\n",
    }
