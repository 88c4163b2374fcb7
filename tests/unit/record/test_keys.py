from __future__ import annotations

import base64
from pathlib import Path

import pytest

from turnpike.errors import IntegrityError
from turnpike.judge.layout import key_path
from turnpike.record.keys import keys_at
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
        {key_path(k.name): None for k in keys_at(instance.repository, instance.genesis)}
    )
    assert keys_at(instance.repository, commit) == ()


@pytest.mark.parametrize("public", ["", "!!!!", base64.b64encode(b"x" * 32).decode()])
def test_a_public_key_that_does_not_have_its_id_is_named(
    instance: SmallInstance, public: str
) -> None:
    key = instance.gate.key
    path = key_path(key.name)
    forged = key.model_copy(update={"public": public})
    commit = instance.branch({path: key_yaml(forged)})
    with pytest.raises(IntegrityError, match=path):
        keys_at(instance.repository, commit)


def test_a_file_that_is_no_key_is_named(instance: SmallInstance) -> None:
    commit = instance.branch({"policies/keys/odd.yaml": b"kind: Key\n"})
    with pytest.raises(IntegrityError, match=r"odd\.yaml"):
        keys_at(instance.repository, commit)


@pytest.mark.parametrize("name", ["Gate.yaml", "gate_2.yaml", "gate.yml", "more/gate.yaml"])
def test_a_key_in_a_file_that_is_not_judged_as_one_counts_for_nothing(
    instance: SmallInstance, name: str
) -> None:
    added = {f"policies/keys/{name}": key_yaml(instance.gate.key)}
    kept = {key_path(key.name): None for key in keys_at(instance.repository, instance.genesis)}
    assert keys_at(instance.repository, instance.branch(kept | added)) == ()
