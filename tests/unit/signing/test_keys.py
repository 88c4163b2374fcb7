from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.signing.keys import create_key, held_key, key_yaml, private_file_of
from turnpike.topology.key import KEY

NOW = datetime(2026, 3, 2, 9, 30, 15, 250000, tzinfo=UTC)
LATER = NOW + timedelta(days=365)


def test_a_key_is_read_from_its_file_as_it_was_made(tmp_path: Path) -> None:
    key = create_key("validator", "validator-2026", tmp_path, NOW, LATER)
    assert read(KEY, key_yaml(key), "key.yaml") == key
    assert (key.valid_from, key.valid_until, key.role) == (NOW, LATER, "validator")


def test_a_revoked_key_stays_revoked_in_its_file(tmp_path: Path) -> None:
    key = create_key("gate", "gate-2026", tmp_path, NOW, LATER)
    revoked = key.model_copy(update={"revoked_at": NOW + timedelta(days=1)})
    assert read(KEY, key_yaml(revoked), "key.yaml") == revoked


def test_the_public_file_does_not_hold_the_private_half(tmp_path: Path) -> None:
    key = create_key("gate", "gate-2026", tmp_path, NOW, LATER)
    private = private_file_of(tmp_path, "gate-2026").read_bytes()
    assert private not in key_yaml(key)


def test_a_second_key_of_the_same_name_is_refused(tmp_path: Path) -> None:
    create_key("gate", "gate-2026", tmp_path, NOW, LATER)
    with pytest.raises(InputError, match="found one"):
        create_key("gate", "gate-2026", tmp_path, NOW, LATER)


def test_the_newest_valid_key_whose_private_half_is_here_signs(tmp_path: Path) -> None:
    old = create_key("gate", "gate", tmp_path, NOW, LATER)
    new = create_key("gate", "gate-2", tmp_path, NOW + timedelta(hours=1), LATER)
    elsewhere = create_key("gate", "gate-3", tmp_path / "aside", NOW + timedelta(hours=2), LATER)
    other = create_key("observer", "observer", tmp_path, NOW + timedelta(hours=2), LATER)
    keys, moment = (old, new, elsewhere, other), NOW + timedelta(hours=3)
    assert held_key(keys, "gate", moment, tmp_path) == new
    assert held_key(keys, "gate", NOW, tmp_path) == old
    assert held_key(keys, "gate", LATER, tmp_path) is None
    assert held_key(keys, "validator", moment, tmp_path) is None
    revoked = new.model_copy(update={"revoked_at": moment})
    assert held_key((old, revoked), "gate", moment, tmp_path) == old
    private_file_of(tmp_path, "gate").unlink()
    assert held_key((old, revoked), "gate", moment, tmp_path) is None
