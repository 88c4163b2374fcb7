from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnpike.errors import InputError, IntegrityError
from turnpike.git.objects import EMPTY_TREE
from turnpike.git.repository import Repository
from turnpike.git.trees import parse_tree, tree_text
from unit.git.folder import real_git

names = st.sampled_from(["a", "a.b", "a-b", "b", "ab", "ä"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
edits = st.dictionaries(paths, st.none() | st.binary(max_size=3), max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=edits, second=edits)
def test_a_tree_edited_twice_is_the_tree_that_git_itself_would_write(
    tmp_path: Path, first: dict[str, bytes | None], second: dict[str, bytes | None]
) -> None:
    with _opened(tmp_path / "r.git") as repository:
        once = repository.write_tree_with(EMPTY_TREE, first)
        tree = repository.write_tree_with(once, second)
        files = repository.files(tree)
        lines = "".join(f"{e.mode} {e.object} 0\t{path}\0" for path, e in files.items())
    index = ("-c", "core.bare=true", "--work-tree=.")
    (tmp_path / "r.git" / "index").unlink(missing_ok=True)
    real_git(tmp_path / "r.git", *index, "update-index", "-z", "--index-info", stdin=lines.encode())
    assert real_git(tmp_path / "r.git", *index, "write-tree") == tree


def _opened(path: Path) -> Repository:
    return Repository(path) if path.exists() else Repository.create(path)


@given(
    st.dictionaries(
        st.binary(min_size=1, max_size=4).filter(lambda n: b"\0" not in n and b"/" not in n),
        st.tuples(st.sampled_from([b"100644", b"40000"]), st.just("c" * 40)),
    )
)
def test_a_tree_is_read_as_it_was_written(entries: dict[bytes, tuple[bytes, str]]) -> None:
    assert parse_tree(tree_text(entries)) == entries  # type: ignore[arg-type]


def test_a_tree_that_is_cut_short_is_an_integrity_error() -> None:
    with pytest.raises(IntegrityError, match="cut short"):
        parse_tree(b"100644 a\0" + b"x" * 19)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


def test_a_folder_without_files_goes_away(repository: Repository) -> None:
    tree = repository.write_tree_with(EMPTY_TREE, {"a/b/c": b"1", "d": b"2"})
    assert set(repository.files(repository.write_tree_with(tree, {"a/b/c": None}))) == {"d"}


def test_a_tree_without_files_is_the_empty_tree(repository: Repository) -> None:
    tree = repository.write_tree_with(EMPTY_TREE, {"a/b": b"1"})
    assert repository.write_tree_with(tree, {"a/b": None}) == EMPTY_TREE


def test_a_changed_file_keeps_its_mode(repository: Repository, tmp_path: Path) -> None:
    blob = repository.write_blob(b"old")
    listed = f"100755 blob {blob}\trun\n".encode()
    tree = real_git(tmp_path / "r.git", "mktree", stdin=listed)
    changed = repository.write_tree_with(tree, {"run": b"new"})
    assert repository.files(changed)["run"].mode == "100755"


def test_a_file_takes_the_mode_that_is_named(repository: Repository) -> None:
    modes = {"link": "120000", "run": "100755"}
    tree = repository.write_tree_with(EMPTY_TREE, {"link": b"run", "run": b"", "text": b""}, modes)
    found = {path: entry.mode for path, entry in repository.files(tree).items()}
    assert found == modes | {"text": "100644"}
    again = repository.write_tree_with(tree, {"run": b""}, {"run": "100644"})
    assert repository.files(again)["run"].mode == "100644"


@pytest.mark.parametrize(
    "path", ["", "/a", "a//b", "../a", "a/./b", ".git/config", "a/.GIT/x", "a\0"]
)
def test_a_path_that_git_could_not_hold_is_refused(repository: Repository, path: str) -> None:
    with pytest.raises(InputError, match="not a path"):
        repository.write_tree_with(EMPTY_TREE, {path: b""})
