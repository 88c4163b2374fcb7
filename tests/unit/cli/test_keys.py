"""``turnpike keys`` shows the roles' keys, makes new ones, and never writes over one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.topology.key import KEY, Key
from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora, git


@pytest.fixture
def clone(aurora: Aurora) -> Iterator[Path]:
    """The clone that people work in, which is left as it was."""
    keys, before = aurora.instance.keys, set(aurora.instance.keys.iterdir())
    yield aurora.instance.monorepo
    git(aurora.instance.monorepo, "checkout", "--quiet", "--", ".")
    git(aurora.instance.monorepo, "clean", "--quiet", "--force", "policies/keys")
    for file in set(keys.iterdir()) - before:
        file.unlink()


def written(clone: Path, name: str) -> Key:
    content = (clone / "policies" / "keys" / f"{name}.yaml").read_bytes()
    return read(KEY, content, name)


def test_each_role_has_a_key_that_signs_here(clone: Path) -> None:
    listed = answered(clone, "keys", "list")
    assert isinstance(listed, list)
    found = {(one["name"], one["role"], one["state"]) for one in listed if isinstance(one, dict)}
    roles = ("gate", "observer", "planner", "registrar", "validator")
    assert found == {(role, role, "signs here") for role in roles}


def test_a_new_key_has_a_name_of_its_own_and_signs_nothing_before_main_knows_it(
    aurora: Aurora, clone: Path
) -> None:
    assert "private half" in told(clone, "keys", "new", "validator")
    key = written(clone, "validator-2")
    assert (key.role, (key.valid_until - key.valid_from).days) == ("validator", 730)
    assert (aurora.instance.keys / "validator-2.key").stat().st_mode & 0o077 == 0
    assert "validator-2" not in told(clone, "keys", "list")


def test_the_private_half_can_wait_elsewhere(aurora: Aurora, clone: Path, tmp_path: Path) -> None:
    words = ("new", "gate", "--name", "next", "--days", "9", "--private-folder", str(tmp_path))
    told(clone, "keys", *words)
    assert (tmp_path / "next.key").exists()
    assert not (aurora.instance.keys / "next.key").exists()
    assert (written(clone, "next").valid_until - written(clone, "next").valid_from).days == 9


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("new", "gate", "--name", "gate"), "key.name-taken"),
        (("revoke", "nobody"), "key.unknown"),
    ],
)
def test_what_cannot_be_says_why(clone: Path, words: tuple[str, ...], code: str) -> None:
    assert refused(clone, "keys", *words).code == code


def test_a_revoked_key_is_the_same_with_a_moment(clone: Path) -> None:
    before = written(clone, "observer")
    told(clone, "keys", "revoke", "observer")
    after = written(clone, "observer")
    assert after.revoked_at is not None
    assert after.model_copy(update={"revoked_at": None}) == before
