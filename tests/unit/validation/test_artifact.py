"""The artifact on the bench is the one that the manifest and the registry both name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError
from turnpike.registry.artifact_digest import artifact_digest
from turnpike.registry.interface import RegisteredVersion
from turnpike.registry.store import copy_artifact, verify_artifact
from turnpike.validation.artifact import artifact_block, fetch_artifact, registered_version, view_of
from unit.registration.manifests import predictive
from unit.registry.small_artifact import small_artifact
from unit.validation.sound_artifact import named


@dataclass(frozen=True, slots=True)
class Shelf:
    """A registry of one version."""

    version: RegisteredVersion

    def find(self, name: str, version: str) -> RegisteredVersion | None:
        return self.version if (name, version) == ("cellar.wine", "1") else None

    def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        return (self.version,) if name == "cellar.wine" else ()

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        copy_artifact(Path(version.location), into)
        verify_artifact(into, version.digest)
        return into


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = small_artifact(tmp_path / "kept")
    return Shelf(RegisteredVersion("cellar.wine", "1", artifact_digest(folder), str(folder)))


def test_the_registered_bytes_are_fetched(shelf: Shelf, tmp_path: Path) -> None:
    folder = fetch_artifact(named(shelf.version.digest), shelf, tmp_path / "into")
    assert artifact_digest(folder) == shelf.version.digest


def test_a_digest_that_the_registry_does_not_have_is_refused_and_nothing_fetched(
    shelf: Shelf, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=shelf.version.digest) as refusal:
        fetch_artifact(named(Digest("sha256:" + "0" * 64)), shelf, tmp_path / "into")
    assert refusal.value.code == "artifact.other-digest"
    assert not (tmp_path / "into").exists()


def test_a_version_that_nobody_registered_is_refused(shelf: Shelf) -> None:
    model = named(shelf.version.digest)
    assert model.artifact is not None
    other = model.artifact.model_copy(update={"version": "2"})
    with pytest.raises(InputError) as refusal:
        registered_version(model.model_copy(update={"artifact": other}), shelf)
    assert refusal.value.code == "artifact.not-registered"
    assert "turnpike register models/cellar/wine" in refusal.value.solution


@pytest.mark.parametrize("ask", [artifact_block, view_of])
def test_a_draft_has_neither_block_nor_view(ask: Callable[..., object]) -> None:
    with pytest.raises(InputError) as refusal:
        ask(predictive())
    assert refusal.value.code == "artifact.draft"


def test_the_view_is_that_of_the_manifest() -> None:
    model = named(Digest("sha256:" + "0" * 64))
    assert view_of(model) == model.validation_view()
