"""Where each host looks for the file, and in which order."""

from __future__ import annotations

import pytest

from turnpike.approvals.dialects import DIALECTS, LOCATIONS, location_in, parsed
from turnpike.approvals.interface import DialectName


@pytest.mark.parametrize(
    ("dialect", "order"),
    [
        ("github", [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]),
        ("gitlab", ["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]),
        ("gitea", ["CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"]),
    ],
)
def test_the_first_place_that_holds_a_file_is_the_one(
    dialect: DialectName, order: list[str]
) -> None:
    present = set(LOCATIONS)
    for place in order:
        assert location_in(DIALECTS[dialect], present) == place
        present.remove(place)
    assert location_in(DIALECTS[dialect], present) is None


def test_the_same_text_is_another_file_in_each_dialect() -> None:
    text = "[a] @x\n.* @y\n"
    said = {name: parsed(name, text).entries_of("a") for name in DIALECTS}
    assert {name: bool(entries) for name, entries in said.items()} == {
        "github": False, "gitlab": False, "gitea": True,
    }  # fmt: skip
