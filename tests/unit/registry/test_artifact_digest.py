"""The digest of an artifact is that of the OpenSSF rules, and covers every byte."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.errors import IntegrityError
from turnpike.registry.artifact_digest import ARTIFACT_FILES, ROUTE, artifact_digest
from unit.registry.small_artifact import small_artifact

_NAMES = sorted(ARTIFACT_FILES)
_CONTENTS = st.dictionaries(st.sampled_from(_NAMES), st.binary(max_size=200), min_size=1)


def _written(folder: str, files: dict[str, bytes]) -> Path:
    path = Path(folder) / "artifact"
    path.mkdir()
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


def _by_model_signing(folder: Path) -> str:
    from model_signing import hashing

    config = hashing.Config()  # type: ignore[no-untyped-call]
    config.set_ignored_paths(paths=[], ignore_git_paths=False)
    root = sha256()
    for resource in config.hash(folder).resource_descriptors():
        root.update(resource.digest.digest_value)
    return "sha256:" + root.hexdigest()


@pytest.mark.filterwarnings("default")  # the package's own imports warn
@settings(max_examples=30, deadline=None)
@given(files=_CONTENTS.filter(lambda files: set(files) != {ROUTE}))
def test_the_digest_is_the_one_that_the_model_signing_package_computes(
    files: dict[str, bytes],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        artifact = _written(folder, files)
        assert artifact_digest(artifact) == _by_model_signing(artifact)


@settings(max_examples=60, deadline=None)
@given(files=_CONTENTS, data=st.data())
def test_a_changed_byte_in_any_file_changes_the_digest(
    files: dict[str, bytes], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    with tempfile.TemporaryDirectory() as folder:
        artifact = _written(folder, files)
        before = artifact_digest(artifact)
        (artifact / name).write_bytes(files[name] + b"x")
        assert artifact_digest(artifact) != before


def test_an_added_or_removed_file_changes_the_digest(tmp_path: Path) -> None:
    artifact = small_artifact(tmp_path / "a")
    before = artifact_digest(artifact)
    (artifact / "conda.yaml").write_bytes(b"")
    added = artifact_digest(artifact)
    (artifact / "requirements.txt").unlink()
    assert len({before, added, artifact_digest(artifact)}) == 3


def test_a_renamed_file_is_refused_or_changes_the_digest(tmp_path: Path) -> None:
    """The rules cover no names: this holds only because names come from a closed list."""
    artifact = small_artifact(tmp_path / "a")
    (artifact / "requirements.txt").rename(artifact / "requirements.lock")
    with pytest.raises(IntegrityError, match=r"requirements\.lock"):
        artifact_digest(artifact)


def test_a_route_has_the_digest_of_its_document(tmp_path: Path) -> None:
    (tmp_path / ROUTE).write_bytes(b"{}")
    assert artifact_digest(tmp_path) == "sha256:" + sha256(b"{}").hexdigest()


def test_a_link_is_refused_even_to_a_file_of_the_artifact(tmp_path: Path) -> None:
    artifact = small_artifact(tmp_path / "a")
    (artifact / "conda.yaml").symlink_to(artifact / "MLmodel")
    with pytest.raises(IntegrityError, match="found a link") as refusal:
        artifact_digest(artifact)
    assert refusal.value.code == "artifact.unexpected-file"


def test_a_link_to_an_artifact_is_refused(tmp_path: Path) -> None:
    small_artifact(tmp_path / "a")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(IntegrityError):
        artifact_digest(tmp_path / "b")


def test_a_folder_inside_is_refused(tmp_path: Path) -> None:
    artifact = small_artifact(tmp_path / "a")
    (artifact / "code").mkdir()
    with pytest.raises(IntegrityError, match="a folder or special file"):
        artifact_digest(artifact)


def test_a_pipe_is_refused_and_not_read(tmp_path: Path) -> None:
    artifact = small_artifact(tmp_path / "a")
    os.mkfifo(artifact / "conda.yaml")
    with pytest.raises(IntegrityError, match="a folder or special file"):
        artifact_digest(artifact)


@pytest.mark.parametrize("make", [False, True])
def test_a_missing_or_empty_folder_has_no_digest(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "a"
    if make:
        folder.mkdir()
    with pytest.raises(IntegrityError) as refusal:
        artifact_digest(folder)
    assert refusal.value.code == "artifact.missing"
