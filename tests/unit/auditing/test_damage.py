from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.auditing.damage import damage_in
from turnpike.documents.identifiers import ObjectId
from unit.auditing.small_instance import SmallInstance


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def _flip(instance: SmallInstance, object_: ObjectId) -> None:
    file = instance.repository.path / "objects" / object_[:2] / object_[2:]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(bytes(content))


def test_a_sound_clone_has_no_damage(instance: SmallInstance) -> None:
    assert damage_in(instance.repository, instance.heads()) == ()


def test_a_damaged_file_is_named_with_its_path(instance: SmallInstance) -> None:
    instance.merge({"models/a/model.yaml": b"kind: Model\n"})
    blob = instance.repository.blob_id(instance.main(), "models/a/model.yaml")
    assert blob is not None
    _flip(instance, blob)
    (damage,) = damage_in(instance.repository, instance.heads())
    assert (damage.object, damage.path) == (blob, "models/a/model.yaml")
    assert "models/a/model.yaml" in str(damage)


def test_a_missing_file_is_named_with_its_path(instance: SmallInstance) -> None:
    instance.merge({"models/a/model.yaml": b"kind: Model\n"})
    blob = instance.repository.blob_id(instance.main(), "models/a/model.yaml")
    assert blob is not None
    (instance.repository.path / "objects" / blob[:2] / blob[2:]).unlink()
    (damage,) = damage_in(instance.repository, instance.heads())
    assert (damage.object, damage.path) == (blob, "models/a/model.yaml")


def test_a_damaged_folder_is_named_with_its_path(instance: SmallInstance) -> None:
    tree = instance.repository.tree_id(instance.record_tip(), "decisions")
    assert tree is not None
    _flip(instance, tree)
    (damage,) = damage_in(instance.repository, instance.heads())
    assert (damage.object, damage.path) == (tree, "decisions/")
