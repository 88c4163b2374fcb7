"""The secret of a cache is made once and believed only while nobody else could read or write it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from turnpike.cli.sweeping import seal_secret
from turnpike.cli.wiring import House
from turnpike.instance.instance import Instance
from unit.instance.aurora import Aurora


@pytest.fixture
def house(aurora: Aurora, tmp_path: Path) -> House:
    """Return a house with a folder of its own, in which it has no secret yet."""
    (tmp_path / "keys").mkdir(mode=0o700)
    return House(Instance(tmp_path, aurora.instance.document))


def secret_file(house: House) -> Path:
    return house.instance.folder / "keys" / "sweep-seal.key"


def test_a_secret_is_made_once_and_is_nobody_elses(house: House) -> None:
    first = seal_secret(house)
    assert first is not None
    assert len(first) == 32
    assert seal_secret(house) == first
    assert secret_file(house).stat().st_mode & 0o077 == 0


def test_two_instances_believe_none_of_each_others_caches(house: House, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "keys").mkdir(parents=True)
    assert seal_secret(House(Instance(other, house.instance.document))) != seal_secret(house)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_secret_of_another_length_is_none(house: House, content: bytes) -> None:
    seal_secret(house)
    secret_file(house).write_bytes(content)
    assert seal_secret(house) is None


def test_a_secret_that_others_can_read_is_none(house: House) -> None:
    seal_secret(house)
    secret_file(house).chmod(0o644)
    assert seal_secret(house) is None


def test_where_no_secret_can_be_kept_there_is_none(house: House) -> None:
    shutil.rmtree(house.instance.folder / "keys")
    (house.instance.folder / "keys").write_text("a file where the folder should be")
    assert seal_secret(house) is None


def test_a_link_in_the_place_of_the_secret_gives_nobody_elses_file_away(
    house: House, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"m" * 32)
    mine.chmod(0o644)
    secret_file(house).symlink_to(mine)
    assert seal_secret(house) is None
    assert mine.read_bytes() == b"m" * 32
