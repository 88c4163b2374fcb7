"""What a rehearsal tells: a denial never reads like a merge, and what stays is not left out."""

from __future__ import annotations

from turnpike.cli.rehearsing import rehearsed_lines
from turnpike.promotion.rehearsal import Carried, Cleared
from unit.judge.deployed import KEY
from unit.judge.examples import ARTIFACT

MERGED = Carried("Recall x", 1, ("1 of release-managers (staging)",), (), 2.25)
DENIED = Carried("Recall y", 2, (), ("approvals-missing",), 2.25, ("Ask the group.",))


def test_a_change_that_was_denied_is_told_with_its_codes_and_never_as_merged() -> None:
    merged, asked, *_ = rehearsed_lines([MERGED, DENIED], [Cleared(KEY, ARTIFACT, 3.0, 1)])
    assert merged == "Recall x: merged after 2.2 s"
    assert asked == "  would ask for 1 of release-managers (staging)"
    denied, way, *_ = rehearsed_lines([DENIED], [Cleared(KEY, ARTIFACT, None, None)])
    assert denied == "Recall y: denied: approvals-missing"
    assert way == "  next: Ask the group."


def test_a_place_that_is_never_clear_says_so() -> None:
    text = "\n".join(rehearsed_lines([DENIED], [Cleared(KEY, ARTIFACT, None, None)]))
    assert "still released" in text
    assert "dev/local" in text


def test_where_nothing_was_reached_that_is_said_alone() -> None:
    assert rehearsed_lines([], []) == ["Nothing that is released says that it was reached."]


def test_no_title_of_a_change_moves_the_terminal() -> None:
    evil = Carried("x\x1b[2J\r", 1, ("1 of \x1b[31m",), (), 1.0)
    lines = rehearsed_lines([evil], [Cleared(KEY, ARTIFACT, 1.0, 1)])
    assert all(line.isprintable() for line in lines)
