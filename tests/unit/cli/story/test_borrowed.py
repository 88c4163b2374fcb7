"""Which cluster is given for which part of the story is said once and clearly."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.story.borrowed import Borrowed
from turnpike.errors import InputError


def names(*words: str) -> dict[str, str]:
    return dict(Borrowed.of(words, {"KUBECONFIG": "/k"}, Path("/")).names)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), {}),
        (("work",), {"production": "work"}),
        (("production=work",), {"production": "work"}),
        (("shared=one", "two"), {"shared": "one", "production": "two"}),
        (("a=b",), {"production": "a=b"}),  # contexts may be called so
        (("production=shared=one",), {"production": "shared=one"}),
    ],
)
def test_a_context_is_productions_unless_it_says_otherwise(
    words: tuple[str, ...], found: dict[str, str]
) -> None:
    assert names(*words) == found


@pytest.mark.parametrize("words", [("one", "two"), ("one", "production=two"), ("shared=",), ("",)])
def test_two_for_one_part_or_none_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="expected one context for"):
        names(*words)
