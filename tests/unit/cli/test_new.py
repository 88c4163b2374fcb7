"""``turnpike new`` writes a whole folder or nothing."""

from __future__ import annotations

import pytest

from turnpike.documents.reading import read
from turnpike.manifest.model import MODEL
from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a-classifier", ()),
        ("an-onnx-model", ("--format", "onnx")),
        ("a-route", ("--kind", "generative")),
    ],
)
def test_what_it_writes_is_a_manifest_that_reads_and_is_said_file_by_file(
    aurora: Aurora, name: str, words: tuple[str, ...]
) -> None:
    clone = aurora.instance.monorepo
    said = answered(clone, "new", f"oncology/{name}", *words)
    assert isinstance(said, dict)
    files = said["files"]
    assert isinstance(files, list)
    assert all((clone / str(path)).is_file() for path in files)
    manifest = clone / "models" / "oncology" / name / "model.yaml"
    assert read(MODEL, manifest.read_bytes(), "model.yaml").key == f"oncology/{name}"


def test_nothing_that_exists_is_overwritten(aurora: Aurora) -> None:
    clone = aurora.instance.monorepo
    told(clone, "new", "oncology/twice")
    card = clone / "models" / "oncology" / "twice" / "card.md"
    card.write_text("mine")
    assert refused(clone, "new", "oncology/twice").code == "new.exists"
    assert card.read_text() == "mine"


@pytest.mark.parametrize("name", ["oncology", "a/b/c", "/x", "x/", "", "oncology/Ä", "../up/x"])
def test_a_name_that_is_no_team_and_model_is_refused_and_writes_nothing(
    aurora: Aurora, name: str
) -> None:
    clone = aurora.instance.monorepo
    before = sorted(clone.rglob("*.yaml"))
    assert refused(clone, "new", name).exit_code == 2
    assert sorted(clone.rglob("*.yaml")) == before


def test_a_team_that_the_organisation_does_not_have_is_refused(aurora: Aurora) -> None:
    error = refused(aurora.instance.monorepo, "new", "astrology/stars")
    assert "astrology" in error.message
