"""A manifest is read strictly and replaced whole, unless somebody has edited it meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError, InvalidDocument
from turnpike.registration.manifest_file import read_manifest, replace_manifest
from unit.registration.manifests import WINE_MANIFEST, wine_folder


def test_the_registered_name_follows_from_the_place(tmp_path: Path) -> None:
    manifest = read_manifest(wine_folder(tmp_path))
    assert manifest.registry_model == "cellar.wine"
    assert manifest.text == WINE_MANIFEST


def test_a_manifest_that_claims_another_place_is_refused(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path)
    other = folder.rename(folder.parent / "beer")
    with pytest.raises(InputError, match="cellar/beer") as refusal:
        read_manifest(other)
    assert refusal.value.code == "manifest.place"


def test_a_relative_folder_has_a_place_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = wine_folder(tmp_path)
    monkeypatch.chdir(folder.parent)
    assert read_manifest(Path("wine")).model.key == "cellar/wine"


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        read_manifest(tmp_path)
    assert refusal.value.code == "manifest.missing"


def test_a_malformed_manifest_is_refused_by_file_and_line(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path)
    (folder / "model.yaml").write_text(WINE_MANIFEST + "owner: eve\n")
    with pytest.raises(InvalidDocument, match=r"model\.yaml:\d+: owner"):
        read_manifest(folder)


def test_the_new_text_replaces_the_old_and_leaves_no_scraps(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path)
    before = sorted(path.name for path in folder.iterdir())
    mode = (folder / "model.yaml").stat().st_mode
    replace_manifest(read_manifest(folder), WINE_MANIFEST + "# more\n")
    assert (folder / "model.yaml").read_text() == WINE_MANIFEST + "# more\n"
    assert (folder / "model.yaml").stat().st_mode == mode
    assert sorted(path.name for path in folder.iterdir()) == before


def test_an_edit_that_was_made_meanwhile_is_not_lost(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path)
    manifest = read_manifest(folder)
    (folder / "model.yaml").write_text(WINE_MANIFEST + "# mine\n")
    with pytest.raises(InputError) as refusal:
        replace_manifest(manifest, WINE_MANIFEST + "# theirs\n")
    assert refusal.value.code == "manifest.edited"
    assert (folder / "model.yaml").read_text() == WINE_MANIFEST + "# mine\n"


def test_an_unchanged_text_does_not_touch_the_file(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path)
    before = (folder / "model.yaml").stat()
    replace_manifest(read_manifest(folder), WINE_MANIFEST)
    assert (folder / "model.yaml").stat().st_ino == before.st_ino
