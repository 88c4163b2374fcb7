"""What judges is never the checkout that is judged; what goes wrong early is told by the verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.base_code import continue_early, continue_from_base
from turnpike.errors import InputError


@pytest.fixture(autouse=True)
def _outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TURNPIKE_INSTANCE", raising=False)


def test_outside_of_an_instance_there_is_no_base_to_go_on_from() -> None:
    with pytest.raises(InputError, match="belongs to no Turnpike instance"):
        continue_from_base()


@pytest.mark.parametrize(
    "arguments",
    [["gate", "--pr", "1"], ["gate", "--pr=1", "--json"], ["gate", "--help"], ["status"], []],
)
def test_what_cannot_go_on_early_is_left_to_the_verb(arguments: list[str]) -> None:
    continue_early(arguments)
