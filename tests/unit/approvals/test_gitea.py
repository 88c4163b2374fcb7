"""Gitea's CODEOWNERS, as its documentation and source tell it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.gitea import Gitea
from turnpike.approvals.interface import Entry


def entry(text: str, path: str) -> Entry | None:
    found = Gitea().parse(text).entries_of(path)
    assert len(found) <= 1
    return found[0] if found else None


def owners(text: str, path: str) -> tuple[str, ...]:
    found = entry(text, path)
    return found.owners if found else ()


def codes(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in Gitea().parse(text).ignored]


def test_the_owners_of_all_rules_that_match_are_owners_together() -> None:
    text = ".* @all\n.*\\\\.go @go @all\ndocs/.* @docs\n"
    assert entry(text, "a.go") == Entry(2, ".*\\\\.go", ("@all", "@go"), 1)
    assert owners(text, "docs/x.go") == ("@all", "@go", "@docs")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        (".*\\\\.go", "a.go", True),
        (".*\\\\.go", "ago", False),
        (".*\\.go", "ago", True),
        ("docs", "docs/a", False),
        ("docs/.*", "docs/a/b", True),
        ("!docs/.*", "docs/a", False),
        ("!docs/.*", "src/a", True),
        ("docs/(aws|google)/[^/]*\\\\.(md|txt)", "docs/aws/a.md", True),
        ("a|b", "abc", True),
        ("a|b", "cab", True),
        ("a|b", "cac", False),
        ("dir/with\\#hashtag", "dir/with#hashtag", True),
        ("path\\ with\\ space", "path with space", True),
        ("path/with\\\\\\\\backslash", "path/with\\backslash", True),
        ("(?i)README", "readme", True),
        ("README", "readme", False),
        ("a", "a\n", False),
        ("/docs/.*", "docs/a", True),
        ("/docs/.*", "x/docs/a", False),
        ("!/assets/.*\\\\.(bin|exe|msi)", "assets/a.bin", False),
        ("!/assets/.*\\\\.(bin|exe|msi)", "assets/a.txt", True),
        ("^/docs/.*", "docs/a", False),
        ("/!notes/.*", "!notes/a", True),
        ("/!notes/.*", "docs/a", False),
        ("!/!notes/.*", "!notes/a", False),
        ("!/!notes/.*", "docs/a", True),
    ],
)
def test_expressions_are_those_of_go(pattern: str, path: str, *, matches: bool) -> None:
    assert (entry(f"{pattern} @a\n", path) is not None) == matches


@pytest.mark.parametrize("pattern", ["(", "a**", "(?=a)", "a\\\\1", "[z-a]", "a{1001}", "\\\\C"])
def test_an_expression_that_go_does_not_compile_is_skipped(pattern: str) -> None:
    assert codes(f"{pattern} @a\n") == [(1, "codeowners.invalid-pattern")]
    assert entry(f"{pattern} @a\n", "a") is None


def test_a_comment_begins_anywhere_and_a_line_needs_an_owner() -> None:
    assert owners("a @x# @y\n# whole\n", "a") == ("@x",)
    assert codes("a\nb#c @d\n\n  # only\n") == [
        (1, "codeowners.no-owner"), (2, "codeowners.no-owner"),
    ]  # fmt: skip


def test_a_team_stands_behind_one_slash() -> None:
    assert owners("a @org/team @x/y/z @u\n", "a") == ("@org/team", "@u")


def test_an_expression_made_to_take_long_takes_no_longer_than_others() -> None:
    """A matcher that goes back would need 2**40 steps; this test would not end."""
    assert entry("(a+)+b @a\n", "a" * 40) is None


@settings(deadline=None)
@given(st.text(max_size=80), st.text(min_size=1, max_size=30))
def test_no_text_and_no_path_is_too_odd_to_be_answered(text: str, path: str) -> None:
    found = entry(text, path)
    assert found is None or found.owners
