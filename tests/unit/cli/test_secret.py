"""A secret comes from the environment or from a file, and a file that holds none is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.secret import required_secret, secret_in
from turnpike.errors import InputError


def test_the_environment_comes_first_and_a_file_second(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    named = {"A_TOKEN_FILE": str(file)}
    assert secret_in(named, "A_TOKEN") == "from the file"
    assert secret_in({**named, "A_TOKEN": " at hand\n"}, "A_TOKEN") == "at hand"
    assert secret_in({**named, "A_TOKEN": " "}, "A_TOKEN") == "from the file"


def test_without_either_there_is_none_which_only_some_need() -> None:
    assert secret_in({"B_TOKEN": "x"}, "A_TOKEN") is None
    with pytest.raises(InputError, match="A_TOKEN_FILE names") as refused:
        required_secret({}, "A_TOKEN", "Make one.")
    assert (refused.value.code, refused.value.solution) == ("secret.none", "Make one.")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", None])
def test_a_file_without_a_secret_is_told_with_its_name(
    content: bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=f"A_TOKEN_FILE: .*{file}") as refused:
        secret_in({"A_TOKEN_FILE": str(file)}, "A_TOKEN")
    assert refused.value.code == "secret.none"
