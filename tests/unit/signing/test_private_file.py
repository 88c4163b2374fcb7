from __future__ import annotations

import stat
from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.signing.private_file import read_private, write_private


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "keys/k", b"secret")
    assert stat.S_IMODE((tmp_path / "keys/k").stat().st_mode) == 0o600
    assert read_private(tmp_path / "keys/k") == b"secret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_private_file_that_others_can_reach_is_refused_with_the_command_that_helps(
    tmp_path: Path, mode: int
) -> None:
    write_private(tmp_path / "k", b"secret")
    (tmp_path / "k").chmod(mode)
    with pytest.raises(InputError, match="owner alone") as caught:
        read_private(tmp_path / "k")
    assert caught.value.solution == f"chmod 600 {tmp_path / 'k'}"


def test_a_private_file_is_never_overwritten(tmp_path: Path) -> None:
    write_private(tmp_path / "k", b"first")
    with pytest.raises(InputError, match="found one"):
        write_private(tmp_path / "k", b"second")
    assert read_private(tmp_path / "k") == b"first"


def test_a_link_is_not_followed_to_a_private_file(tmp_path: Path) -> None:
    write_private(tmp_path / "k", b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "k")
    with pytest.raises(InputError, match="Cannot read"):
        read_private(tmp_path / "link")
