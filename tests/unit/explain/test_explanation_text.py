"""What stands below a denial promises no more than was tried, and hides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.explain.explanation_text import explanation_lines, headline
from unit.explain.test_explanation import CONTENT, FIELD, WITHDRAWAL, explanation

PROMISE = "It would be allowed once"


@pytest.mark.parametrize("needed", [(FIELD,), (FIELD, WITHDRAWAL), (CONTENT,), (FIELD, CONTENT)])
def test_only_what_was_decided_again_is_promised(needed: tuple[object, ...]) -> None:
    parts = [one for one in (FIELD, WITHDRAWAL, CONTENT) if one in needed]
    assert headline(explanation(*parts)).startswith(PROMISE)
    assert PROMISE not in headline(explanation(*parts, flips=False))
    assert "judged anew" in headline(explanation(*parts, flips=False))


def test_one_thing_is_told_as_one_and_several_as_so_many() -> None:
    assert "once this is done" in headline(explanation(FIELD))
    assert "once all 2 of these are done" in headline(explanation(FIELD, WITHDRAWAL))


def test_each_thing_has_a_line_and_what_was_not_tried_says_so() -> None:
    _, first, second = explanation_lines(explanation(FIELD, CONTENT, flips=False))
    assert first == f"  - {FIELD.text}"
    assert second == f"  - {CONTENT.text}  (only its author knows how: it was not tried)"


@given(st.text(max_size=40))
def test_nothing_that_a_change_brings_can_write_a_line_of_its_own(hostile: str) -> None:
    """A file may be called anything, and its name stands in the remedy."""
    bent = FIELD.model_copy(update={"text": f"{hostile}\nALLOWED\x1b[2J\u202e\u2028{hostile}"})
    lines = list(explanation_lines(explanation(bent)))
    assert len(lines) == 2
    assert all(len(line.splitlines()) == 1 for line in lines)
    assert not {"\x1b", "\u202e", "\u2028"} & set("".join(lines))
