"""The base is made once for each recipe, whole or not at all, and called by its packages."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import Unavailable
from turnpike.validation.build_base import Base, base_system, machine_system, put_in_place

STATUS = "Package: libc6\nStatus: installed\nVersion: 2.36\n\nPackage: python3\nVersion: 3.11\n"


class Recipe:
    """A tree whose recipe copies an archive, and counts how often it is run."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.source, self.cache = folder / "source", folder / "cache"
        self.count, self.archive = folder / "count", folder / "made.tar"
        self.says: list[str] = []
        tools = folder / "tools"
        tools.mkdir()
        (tools / "mmdebstrap").write_text("#!/bin/sh\n")
        (tools / "mmdebstrap").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
        self.packages(STATUS)
        self.writes(f'cp {self.archive} "$1"')

    def packages(self, status: str) -> None:
        content = status.encode()
        with tarfile.open(self.archive, "w") as tar:
            for name in ("var/lib/dpkg/status", "dev/null"):
                entry = tarfile.TarInfo(f"./{name}")
                entry.size = len(content)
                tar.addfile(entry, BytesIO(content))

    def writes(self, command: str) -> None:
        recipe = self.source / "tools/images/rootfs"
        recipe.parent.mkdir(parents=True, exist_ok=True)
        recipe.write_text(f"echo x >> {self.count}\n{command}\n")

    def made(self) -> Base:
        return base_system(self.source, self.cache, self.says.append)

    def runs(self) -> int:
        return self.count.read_text().count("x") if self.count.exists() else 0


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    return Recipe(tmp_path, monkeypatch)


def test_a_base_is_called_by_its_packages_and_their_versions(recipe: Recipe) -> None:
    base = recipe.made()
    assert base.packages == digest_of(b"libc6=2.36\npython3=3.11\n")
    assert base.root.folder is not None
    assert (base.root.folder / "var/lib/dpkg/status").read_text() == STATUS
    assert not (base.root.folder / "dev/null").exists()
    assert base.archive is not None
    assert base.archive.read_bytes() == recipe.archive.read_bytes()


def test_one_recipe_is_carried_out_once_and_another_one_anew(recipe: Recipe) -> None:
    first = recipe.made()
    recipe.packages(STATUS.replace("3.11", "3.12"))
    assert recipe.made() == first
    assert (recipe.runs(), len(recipe.says)) == (1, 1)
    recipe.writes(f'cp {recipe.archive} "$1" # another')
    assert recipe.made().packages == digest_of(b"libc6=2.36\npython3=3.12\n")
    assert recipe.runs() == 2


@pytest.mark.parametrize("command", ["echo no mirror >&2; exit 1", 'echo cut > "$1"'])
def test_a_recipe_that_fails_leaves_nothing_that_passes_for_a_base(
    recipe: Recipe, command: str
) -> None:
    recipe.writes(command)
    with pytest.raises(Unavailable) as failed:
        recipe.made()
    assert failed.value.code == "build.base-failed"
    assert list((recipe.cache / "rootfs").iterdir()) == []


def test_without_mmdebstrap_a_base_that_is_kept_is_used_and_none_is_made(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = recipe.made()
    monkeypatch.setenv("PATH", "")
    assert recipe.made() == kept
    recipe.writes("another")
    with pytest.raises(Unavailable, match="mmdebstrap") as missing:
        recipe.made()
    assert missing.value.code == "build.base-missing"


def test_no_secret_of_this_process_reaches_the_recipe(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REGISTRY_TOKEN", "secret")
    recipe.writes(f'env > {tmp_path}/environ; cp {recipe.archive} "$1"')
    recipe.made()
    assert "REGISTRY_TOKEN" not in (tmp_path / "environ").read_text()


def test_whoever_is_first_names_the_folder_and_the_other_takes_it(tmp_path: Path) -> None:
    first, second, folder = (tmp_path / name for name in ("a", "b", "folder"))
    for work in (first, second):
        work.mkdir()
        (work / "by").write_text(work.name)
        put_in_place(work, folder)
    assert (folder / "by").read_text() == "a"


def test_a_file_in_the_way_is_a_failure_and_not_taken_for_the_folder(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "folder").write_text("in the way")
    with pytest.raises(OSError, match="folder"):
        put_in_place(tmp_path / "work", tmp_path / "folder")


def test_this_machine_as_a_base_has_no_archive_and_a_digest_that_stays() -> None:
    base = machine_system()
    assert (base.archive, base.root.folder) == (None, None)
    assert base == machine_system()
