"""The store holds artifacts by their digest, whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from turnpike.documents.identifiers import Digest
from turnpike.errors import IntegrityError
from turnpike.registry.artifact_digest import artifact_digest
from turnpike.registry.store import ArtifactStore, verify_artifact
from unit.registry.small_artifact import FILES, small_artifact


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "store")


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    return small_artifact(tmp_path / "artifact")


def test_what_was_put_stands_under_the_hex_of_its_digest(
    store: ArtifactStore, artifact: Path
) -> None:
    digest = store.put(artifact)
    assert store.path_of(digest) == store.root / digest.removeprefix("sha256:")
    found = {path.name: path.read_bytes() for path in store.path_of(digest).iterdir()}
    assert (digest, found) == (artifact_digest(artifact), FILES)
    store.verify(digest)


def test_putting_the_same_bytes_twice_keeps_one_copy_and_no_scraps(
    store: ArtifactStore, artifact: Path
) -> None:
    assert store.put(artifact) == store.put(artifact)
    assert len(list(store.root.iterdir())) == 1


def test_many_at_once_put_the_same_artifact_without_harm(
    store: ArtifactStore, artifact: Path
) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(store.put, [artifact] * 24))
    assert [path.name for path in store.root.iterdir()] == [
        digest.removeprefix("sha256:") for digest in digests
    ]


@pytest.mark.parametrize("name", sorted(FILES))
def test_one_edited_byte_is_found_and_both_digests_are_named(
    store: ArtifactStore, artifact: Path, name: str
) -> None:
    digest = store.put(artifact)
    (store.path_of(digest) / name).write_bytes(FILES[name] + b" ")
    with pytest.raises(IntegrityError) as found:
        store.verify(digest)
    assert found.value.code == "artifact.digest-mismatch"
    assert digest in found.value.message
    assert artifact_digest(store.path_of(digest)) in found.value.message


def test_tampered_bytes_are_not_taken_for_the_artifact_when_it_is_put_again(
    store: ArtifactStore, artifact: Path
) -> None:
    digest = store.put(artifact)
    (store.path_of(digest) / "model.skops").write_bytes(b"evil")
    with pytest.raises(IntegrityError):
        store.put(artifact)


def test_an_artifact_that_is_not_there_does_not_verify(store: ArtifactStore) -> None:
    with pytest.raises(IntegrityError) as found:
        store.verify(Digest("sha256:" + "0" * 64))
    assert found.value.code == "artifact.missing"


def test_a_refused_folder_leaves_nothing_in_the_store(store: ArtifactStore, artifact: Path) -> None:
    (artifact / "payload.pkl").write_bytes(b"x")
    with pytest.raises(IntegrityError):
        store.put(artifact)
    assert list(store.root.iterdir()) == []


def test_a_folder_with_the_digest_verifies_wherever_it_stands(artifact: Path) -> None:
    verify_artifact(artifact, artifact_digest(artifact))
