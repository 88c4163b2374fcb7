"""The manifests of a head are those of the models whose folders differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.change.manifests import changed_manifests, standing_manifests
from turnpike.documents.canonical import canonical_document
from turnpike.judge.layout import ModelKey
from unit.change.monorepo import FOLDER, MANIFEST, Monorepo
from unit.judge.examples import model

TRIAGE = ModelKey("oncology", "triage")


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo(tmp_path)


def found(monorepo: Monorepo, files: dict[str, bytes | None]) -> set[ModelKey]:
    base = monorepo.head({MANIFEST: canonical_document(model())})
    return set(changed_manifests(monorepo.repository, base, monorepo.head(files, base)))


def test_any_file_of_the_folder_brings_its_manifest(monorepo: Monorepo) -> None:
    assert found(monorepo, {f"{FOLDER}/card.md": b"x"}) == {TRIAGE}


def test_other_changes_bring_none(monorepo: Monorepo) -> None:
    assert found(monorepo, {"docs/a.md": b"x"}) == set()


@pytest.mark.parametrize("content", [b"broken: [", None, b"#" * (256 * 1024 + 1)])
def test_a_manifest_that_cannot_be_read_is_left_out(
    monorepo: Monorepo, content: bytes | None
) -> None:
    assert found(monorepo, {MANIFEST: content, f"{FOLDER}/card.md": b"x"}) == set()
    beside = {"models/oncology/other/model.yaml": canonical_document(model(name="other"))}
    assert found(monorepo, {MANIFEST: content, **beside}) == {ModelKey("oncology", "other")}


def test_a_head_in_conflict_is_read_as_it_is(monorepo: Monorepo) -> None:
    head = monorepo.head({"README.md": b"mine", MANIFEST: canonical_document(model())})
    base = monorepo.head({"README.md": b"theirs"})
    assert changed_manifests(monorepo.repository, base, head) == {TRIAGE: model()}


def test_what_cannot_be_read_is_told_from_what_is_not_there(monorepo: Monorepo) -> None:
    base = monorepo.head({MANIFEST: canonical_document(model())})

    def standing(files: dict[str, bytes | None]) -> set[ModelKey]:
        return set(standing_manifests(monorepo.repository, base, monorepo.head(files, base)))

    assert standing({MANIFEST: b"broken: ["}) == {TRIAGE}
    assert standing({"docs/a.md": b"x"}) == set()
    assert standing({MANIFEST: None}) == set()
