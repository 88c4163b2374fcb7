"""The instance is found from wherever people work, and a wrong name is never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError, InvalidDocument
from turnpike.instance.locate import VARIABLE, locate_instance, open_instance
from unit.instance.aurora import Aurora, git


def test_it_is_found_from_its_own_folders(aurora: Aurora) -> None:
    folder = aurora.instance.folder
    for start in (folder, folder / "monorepo", folder / "monorepo" / "policies" / "data"):
        assert locate_instance(start, {}) == aurora.instance


def test_it_is_found_from_any_clone_of_its_host(aurora: Aurora, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(aurora.instance.host), "mine")
    assert locate_instance(tmp_path / "mine" / "policies", {}) == aurora.instance


def test_it_is_found_from_a_shallow_clone(aurora: Aurora, tmp_path: Path) -> None:
    host = f"file://{aurora.instance.host}"
    git(tmp_path, "clone", "-q", "--depth=1", host, "shallow")
    assert locate_instance(tmp_path / "shallow", {}) == aurora.instance


def test_it_is_found_from_a_linked_work_tree(aurora: Aurora, tmp_path: Path) -> None:
    git(aurora.instance.monorepo, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    assert locate_instance(tmp_path / "linked", {}) == aurora.instance


def test_the_variable_comes_first_and_must_be_right(aurora: Aurora, tmp_path: Path) -> None:
    named = {VARIABLE: str(aurora.instance.folder)}
    assert locate_instance(tmp_path, named) == aurora.instance
    with pytest.raises(InputError, match="no Turnpike instance"):
        locate_instance(aurora.instance.monorepo, {VARIABLE: str(tmp_path)})


def test_the_setting_of_a_clone_names_it(aurora: Aurora, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "turnpike.instance", str(aurora.instance.folder))
    assert locate_instance(tmp_path, {}) == aurora.instance
    git(tmp_path, "config", "turnpike.instance", str(tmp_path / "gone"))
    with pytest.raises(InputError, match="gone is no Turnpike instance"):
        locate_instance(tmp_path, {})


def test_elsewhere_there_is_none_and_the_next_step_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        locate_instance(tmp_path, {})
    assert error.value.code == "instance.not-found"
    assert "turnpike init" in error.value.solution


def test_a_malformed_document_is_named_with_its_fields(tmp_path: Path) -> None:
    (tmp_path / "instance.yaml").write_text("apiVersion: turnpike.dev/v1\nkind: Instance\n")
    with pytest.raises(InvalidDocument) as error:
        open_instance(tmp_path)
    assert {problem.field for problem in error.value.problems} >= {"genesis", "rootKey"}
