"""Of a clone nothing but Git is believed, and of an instance what lies outside of Git."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.clone import audited, read_in
from turnpike.errors import InputError, InvalidDocument, UsageError
from unit.cli.calling import at
from unit.instance.aurora import Aurora, git


@pytest.fixture
def clone(aurora: Aurora, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "--quiet", "--mirror", str(aurora.instance.host), "mirror")
    return tmp_path / "mirror"


def test_a_clone_pins_nothing_that_nobody_said(aurora: Aurora, clone: Path) -> None:
    found = audited(clone, None)
    assert (found.genesis, found.root_key, found.instance) == (None, None, None)
    assert audited(clone, aurora.instance.genesis).genesis == aurora.instance.genesis


def test_a_clone_that_is_named_is_read_though_an_instance_is_around(
    aurora: Aurora, clone: Path
) -> None:
    with at(aurora.instance.monorepo):
        found = audited(clone, None)
        read = read_in(clone)
    assert (found.root_key, found.repository.path) == (None, read.host.path)


def test_within_an_instance_its_pins_count_and_not_its_files_in_git(aurora: Aurora) -> None:
    with at(aurora.instance.monorepo):
        found = audited(None, None)
    assert found.genesis == aurora.instance.genesis
    assert found.root_key == aurora.instance.document.root_key
    assert found.instance is not None
    assert found.repository.path == aurora.host.path


def test_an_instance_whose_file_is_damaged_is_named_and_not_taken_for_a_clone(
    aurora: Aurora, tmp_path: Path
) -> None:
    file = tmp_path / "instance.yaml"
    damaged = (
        (aurora.instance.folder / "instance.yaml").read_bytes().replace(b"genesis:", b"genesjs:")
    )
    file.write_bytes(damaged)
    git(tmp_path, "clone", "--quiet", str(aurora.instance.host), "monorepo")
    with at(tmp_path / "monorepo"), pytest.raises(InvalidDocument, match=r"instance\.yaml"):
        audited(None, aurora.instance.genesis)


def test_what_the_caller_pins_stands_above_what_the_instance_pins(aurora: Aurora) -> None:
    with at(aurora.instance.monorepo):
        assert audited(None, "f" * 40).genesis == "f" * 40


@pytest.mark.parametrize("genesis", ["", "HEAD", "f" * 39, "F" * 40, "f" * 41, "refs/heads/main"])
def test_a_genesis_that_is_no_whole_id_is_refused(clone: Path, genesis: str) -> None:
    """A name in the clone would be pinned by the clone itself."""
    with pytest.raises(UsageError, match="--genesis"):
        audited(clone, genesis)


def test_main_stands_where_the_clone_has_it_and_stays_there(aurora: Aurora, clone: Path) -> None:
    read = read_in(clone)
    before = read.main
    assert before == aurora.main()
    read.refresh()
    assert read.main == before


def test_a_folder_that_is_neither_is_refused(tmp_path: Path) -> None:
    with at(tmp_path), pytest.raises(InputError):
        audited(None, None)
    with pytest.raises(InputError):
        assert read_in(tmp_path).main
