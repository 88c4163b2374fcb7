"""A part that cannot be set up is named, with the command that would show why."""

from pathlib import Path

import pytest

from turnpike.errors import Unavailable
from turnpike.installation import set_up as module
from turnpike.installation.set_up import can_set_up, set_up


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set-up that runs the Python file of this name, with the part as its first word."""
    monkeypatch.setattr(module, "_SET_UP", tmp_path)
    return tmp_path


def test_the_path_of_a_part_is_what_the_set_up_says(folder: Path) -> None:
    (folder / "__main__.py").write_text(
        "import json, sys\nprint(json.dumps([{'path': '/cache/' + sys.argv[1]}]))\n"
    )
    assert can_set_up()
    assert set_up("opa") == Path("/cache/opa")


@pytest.mark.parametrize("ends", ["sys.exit(3)", "print('[]')", "print('{')"])
def test_a_set_up_that_fails_or_says_nothing_names_its_part(folder: Path, ends: str) -> None:
    (folder / "__main__.py").write_text(f"import sys\n{ends}\n")
    with pytest.raises(Unavailable) as caught:
        set_up("opa")
    assert caught.value.code == "opa.missing"
    assert caught.value.solution == "Run it by hand: ./turnpike set-up opa"


def test_code_without_a_set_up_beside_it_cannot_set_up(folder: Path) -> None:
    assert not can_set_up()
