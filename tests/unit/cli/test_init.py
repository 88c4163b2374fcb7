"""``turnpike init`` makes one instance of a folder, once, and says what is still to be done."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora, git, new_product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_product(tmp_path_factory.mktemp("init") / "product")


def test_an_instance_is_made_once_and_found_again(product: Path, tmp_path: Path) -> None:
    words = (str(tmp_path / "made"), "--product", str(product), "--with-personas")
    first = answered(tmp_path, "init", *words)
    assert isinstance(first, dict)
    file = (tmp_path / "made" / "instance.yaml").read_bytes()
    again = answered(tmp_path, "init", *words)
    assert isinstance(again, dict)
    assert (first["new"], again["new"]) == (True, False)
    assert (again["genesis"], again["folder"]) == (first["genesis"], first["folder"])
    assert (tmp_path / "made" / "instance.yaml").read_bytes() == file
    assert "take root.key offline" in told(tmp_path, "init", *words)


def test_what_is_next_can_be_pasted_whatever_the_folder_is_called(
    product: Path, tmp_path: Path
) -> None:
    place = tmp_path / "Maria's models & more"
    shown = told(tmp_path, "init", str(place), "--product", str(product), "--with-personas")
    (line,) = [one for one in shown.splitlines() if one.startswith("next: cd ")]
    command = line.removeprefix("next: ").partition(", then")[0]
    done = subprocess.run(
        ["bash", "-c", f"{command} && pwd"], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == str(place / "monorepo")


def test_people_without_keys_are_given_none_unless_that_is_asked_for(
    product: Path, tmp_path: Path
) -> None:
    error = refused(tmp_path, "init", str(tmp_path / "made"), "--product", str(product))
    assert error.exit_code == 2
    assert "maria-lopez" in error.message
    assert not (tmp_path / "made").exists()


def test_no_key_of_an_instance_can_be_read_by_others(aurora: Aurora) -> None:
    keys = [path for path in aurora.instance.keys.rglob("*") if path.is_file()]
    private = [path for path in keys if path.suffix != ".pub"]
    assert private
    assert not [path for path in private if path.stat().st_mode & 0o077]


@pytest.mark.parametrize("content", ["kind: Nonsense\n", "", "\x00"])
def test_an_organisation_that_cannot_be_read_makes_nothing(
    product: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / "organisation.yaml").write_text(content)
    words = ("--product", str(product), "--organisation", str(tmp_path / "organisation.yaml"))
    error = refused(tmp_path, "init", str(tmp_path / "made"), *words)
    assert error.exit_code == 2
    assert not (tmp_path / "made" / "instance.yaml").exists()


def test_a_folder_that_holds_something_else_stays_as_it_is(product: Path, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "thesis.txt").write_text("mine")
    refused(tmp_path, "init", str(tmp_path / "made"), "--product", str(product))
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["thesis.txt"]


def test_a_product_without_commits_is_none(tmp_path: Path) -> None:
    (tmp_path / "product").mkdir()
    git(tmp_path / "product", "init", "--quiet")
    words = (str(tmp_path / "made"), "--product", str(tmp_path / "product"))
    assert refused(tmp_path, "init", *words).exit_code == 2
    assert not (tmp_path / "made" / "instance.yaml").exists()
