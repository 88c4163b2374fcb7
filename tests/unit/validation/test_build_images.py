"""An image is found by the digest of its inputs, and one that is lost is not made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import IntegrityError, Unavailable
from turnpike.sandbox.engine import Engine
from turnpike.sandbox.interface import Root
from turnpike.validation.build_base import Base
from turnpike.validation.build_images import base_image, keep_image, kept_image
from unit.sandbox.engines import engine

INPUTS, OTHER = digest_of(b"inputs"), digest_of(b"other")
ID = "sha256:" + "ab" * 32


@pytest.fixture
def engines(tmp_path: Path) -> Engine:
    return engine(tmp_path)


def image(folder: Path, name: str) -> None:
    (folder / "images" / name.replace("/", "_").replace(":", "_")).write_text(ID)


def described(folder: Path, image_id: str, tag: str = "team:1") -> Path:
    said = {"image_id": image_id, "registries": [{"tags": [{"name": tag}]}]}
    (folder / "image.docker-info.json").write_text(json.dumps(said))
    return folder / "image.docker-info.json"


def test_what_pants_built_is_found_by_its_inputs_and_by_no_others(
    engines: Engine, tmp_path: Path
) -> None:
    image(tmp_path, ID)
    assert kept_image(engines, INPUTS) is None
    assert keep_image(engines, described(tmp_path, ID), INPUTS) == ID
    assert (kept_image(engines, INPUTS), kept_image(engines, OTHER)) == (ID, None)


@pytest.mark.parametrize("told", ["<unknown>", "", "COMMIT team:1", "sha256:xyz", "--all"])
def test_where_pants_cannot_tell_the_id_its_tag_is_used(
    engines: Engine, tmp_path: Path, told: str
) -> None:
    image(tmp_path, "team:1")
    assert keep_image(engines, described(tmp_path, told), INPUTS) == ID


def test_an_image_that_the_engine_lost_is_a_failure(engines: Engine, tmp_path: Path) -> None:
    with pytest.raises(IntegrityError) as lost:
        keep_image(engines, described(tmp_path, ID), INPUTS)
    assert lost.value.code == "build.image-lost"


def test_an_older_image_of_the_same_inputs_does_not_hide_that_the_new_one_is_lost(
    engines: Engine, tmp_path: Path
) -> None:
    image(tmp_path, f"turnpike-program:{INPUTS[7:39]}")
    with pytest.raises(IntegrityError):
        keep_image(engines, described(tmp_path, ID), INPUTS)


def test_a_base_is_imported_once_and_one_of_other_packages_beside_it(
    engines: Engine, tmp_path: Path
) -> None:
    archive = tmp_path / "base.tar"
    archive.write_text("first")
    base = Base(INPUTS, "/usr/bin/python3", Root(), archive)
    name = base_image(engines, base)
    archive.write_text("second")
    assert base_image(engines, base) == name
    other = base_image(engines, Base(OTHER, "/usr/bin/python3", Root(), archive))
    assert other != name
    kept = {file.name: file.read_text() for file in (tmp_path / "images").iterdir()}
    assert sorted(kept.values()) == ["sha256:first", "sha256:second"]


def test_a_base_that_is_not_imported_is_no_base(engines: Engine, tmp_path: Path) -> None:
    base = Base(INPUTS, "/usr/bin/python3", Root(), tmp_path / "missing.tar")
    with pytest.raises(Unavailable) as failed:
        base_image(engines, base)
    assert failed.value.code == "build.base-failed"
