"""GitHub's CODEOWNERS, as its documentation tells it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.codeowners import CodeOwnersFile


def owners(text: str, path: str) -> tuple[str, ...]:
    found = CodeOwnersFile(text).owners_of(path)
    return found.owners if found else ()


def test_the_last_line_that_matches_decides() -> None:
    text = "* @everybody\n/models/ @models\n/models/oncology/ @oncology\n"
    assert owners(text, "README.md") == ("everybody",)
    assert owners(text, "models/other/x/model.yaml") == ("models",)
    assert owners(text, "models/oncology/x/model.yaml") == ("oncology",)


def test_a_later_wider_line_takes_over() -> None:
    assert owners("/models/ @models\n* @everybody\n", "models/a/b") == ("everybody",)


def test_a_line_without_owners_clears_what_stood_before() -> None:
    assert owners("* @everybody\n/free/\n", "free/a.txt") == ()
    assert CodeOwnersFile("* @everybody\n/free/\n").owners_of("free/a.txt") is None


def test_a_word_that_names_nobody_is_no_owner() -> None:
    assert owners("* somebody\n", "a.txt") == ()


def test_a_star_at_the_end_does_not_reach_into_folders() -> None:
    assert owners("docs/* @writers\n", "docs/a.md") == ("writers",)
    assert owners("docs/* @writers\n", "docs/deep/a.md") == ()


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/docs/", "docs/deep/a.md", True),
        ("/docs/", "other/docs/a.md", False),
        ("docs/", "other/docs/a.md", True),
        ("/docs", "docs/a.md", True),
        ("/docs", "docs-of-mine/a.md", False),
        ("*.rego", "policies/a/b.rego", True),
        ("**/keys/", "a/b/keys/c", True),
        ("/environments/*/*/oncology/", "environments/dev/local/oncology/m/release.yaml", True),
        ("/environments/*/*/oncology/", "environments/dev/oncology/release.yaml", False),
        ("/models/oncology/", "models/oncology-2/m/model.yaml", False),
    ],
)
def test_folders_and_stars(pattern: str, path: str, *, matches: bool) -> None:
    assert owners(f"{pattern} @group\n", path) == (("group",) if matches else ())


@pytest.mark.parametrize("pattern", ["!/models/", "\\#notes", "/models/[ab]/", "models]"])
def test_a_line_with_syntax_that_github_ignores_is_no_line(pattern: str) -> None:
    text = f"* @everybody\n{pattern} @intruder\n"
    for path in ("models/a/b", "#notes", "models]", "x"):
        assert owners(text, path) == ("everybody",)


def test_an_ignored_line_still_counts_as_a_line() -> None:
    found = CodeOwnersFile("# comment\n!/a @x\n/a/ @group\n").owners_of("a/b")
    assert found is not None
    assert (found.line, found.pattern) == (3, "/a/")


def test_owners_stand_without_at_sign_and_host_organisation() -> None:
    assert owners("* @aurora/oncology @sam\n", "a") == ("oncology", "sam")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\r", "\x1c"])
def test_only_a_newline_ends_a_comment(separator: str) -> None:
    """Else a rule could hide in what every reviewer sees as a comment."""
    text = f"* @owners\n# a comment{separator}* @intruder\n"
    assert owners(text, "a") == ("owners",)


def test_an_empty_file_owns_nothing() -> None:
    assert CodeOwnersFile("").owners_of("a") is None


@settings(deadline=None)
@given(st.text(max_size=80), st.text(min_size=1, max_size=30))
def test_no_text_and_no_path_is_too_odd_to_be_answered(text: str, path: str) -> None:
    found = CodeOwnersFile(text).owners_of(path)
    assert found is None or found.owners
