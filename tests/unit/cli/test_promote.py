"""``turnpike promote`` opens nothing where there is nothing that could move."""

from __future__ import annotations

import pytest

from unit.cli.calling import answered, refused
from unit.instance.aurora import Aurora

MODEL = "oncology/tumour-malignancy"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((MODEL, "--to", "staging"), "promotion.no-source"),
        ((MODEL, "--to", "dev"), "promotion.first"),
        ((MODEL, "--to", "nowhere"), "environment.unknown"),
        ((MODEL, "--to", "staging", "--target", "moon"), "target.unknown"),
        ((MODEL, "--to", "staging", "--from", "moon"), "input.usage"),
        (("--to", "staging"), "input.usage"),
        ((MODEL, "--all", "--to", "staging"), "input.usage"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--anyway",)])
def test_what_is_not_there_is_refused_also_where_it_is_to_wait(
    aurora: Aurora, words: tuple[str, ...], code: str, more: tuple[str, ...]
) -> None:
    clone = aurora.instance.monorepo
    before = answered(clone, "pr", "list")
    assert refused(clone, "promote", *words, *more, "--as", "turnpike-bot").code == code
    assert answered(clone, "pr", "list") == before


def test_where_nothing_can_go_all_of_it_is_nothing_to_promote(aurora: Aurora) -> None:
    clone = aurora.instance.monorepo
    said = answered(clone, "promote", "--all", "--to", "staging", "--as", "turnpike-bot")
    assert isinstance(said, dict)
    assert (said["number"], said["trains"], said["models"]) == (None, [], [])
