from __future__ import annotations

import base64
from pathlib import Path

import pytest

from turnpike.auditing.keys import keys_at
from turnpike.errors import InvalidDocument
from turnpike.signing.keys import key_yaml
from unit.auditing.small_instance import SmallInstance


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def test_the_keys_are_those_of_the_commit(instance: SmallInstance) -> None:
    keys = keys_at(instance.repository, instance.genesis)
    assert set(keys) == {instance.gate.key, instance.validator.key}


def test_a_commit_without_keys_has_none(instance: SmallInstance) -> None:
    commit = instance.branch(
        {f"policies/keys/{k.id}.yaml": None for k in keys_at(instance.repository, instance.genesis)}
    )
    assert keys_at(instance.repository, commit) == ()


@pytest.mark.parametrize("public", ["", "!!!!", base64.b64encode(b"x" * 32).decode()])
def test_a_public_key_that_does_not_have_its_id_is_named(
    instance: SmallInstance, public: str
) -> None:
    key = instance.gate.key
    path = f"policies/keys/{key.id}.yaml"
    forged = key.model_copy(update={"public": public})
    commit = instance.branch({path: key_yaml(forged)})
    with pytest.raises(InvalidDocument, match=path):
        keys_at(instance.repository, commit)


def test_a_file_that_is_no_key_is_named(instance: SmallInstance) -> None:
    commit = instance.branch({"policies/keys/odd.yaml": b"kind: Key\n"})
    with pytest.raises(InvalidDocument, match=r"odd\.yaml"):
        keys_at(instance.repository, commit)
