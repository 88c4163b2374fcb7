"""GitHub's CODEOWNERS, as its documentation tells it."""

from __future__ import annotations

import pytest
from codeowners import CodeOwners
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from turnpike.approvals.github import SIZE_LIMIT, GitHub, glob_of
from turnpike.approvals.interface import Entry


def entry(text: str, path: str) -> Entry | None:
    found = GitHub().parse(text).entries_of(path)
    assert len(found) <= 1
    return found[0] if found else None


def owners(text: str, path: str) -> tuple[str, ...]:
    found = entry(text, path)
    return tuple(owner.removeprefix("@") for owner in found.owners) if found else ()


def codes(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in GitHub().parse(text).ignored]


def test_the_last_line_that_matches_decides() -> None:
    text = "* @everybody\n/models/ @models\n/models/oncology/ @oncology\n"
    assert owners(text, "README.md") == ("everybody",)
    assert owners(text, "models/other/x/model.yaml") == ("models",)
    assert owners(text, "models/oncology/x/model.yaml") == ("oncology",)


def test_a_later_wider_line_takes_over() -> None:
    assert owners("/models/ @models\n* @everybody\n", "models/a/b") == ("everybody",)


def test_a_line_without_owners_clears_what_stood_before() -> None:
    assert entry("* @everybody\n/free/\n", "free/a.txt") == Entry(2, "/free/", (), 0)


@pytest.mark.parametrize("owner", ["somebody", "docs@", "@", "@a,", "@a/b/c", "@@maintainer"])
def test_a_line_with_an_invalid_owner_is_skipped_as_a_whole(owner: str) -> None:
    text = f"* @everybody\n* @good {owner}\n"
    assert owners(text, "a.txt") == ("everybody",)
    assert codes(text) == [(2, "codeowners.invalid-owner")]


def test_an_address_owns_and_a_blank_may_be_escaped() -> None:
    assert owners("a\\ b/ docs@example.com @o/team #c @x\n", "a b/c") == (
        "docs@example.com", "o/team",
    )  # fmt: skip


def test_paths_are_case_sensitive() -> None:
    assert owners("/Docs/ @a\n", "docs/x") == ()


def test_a_file_of_three_megabytes_is_not_loaded() -> None:
    line = "* @a\n"
    text = line + "#" * (SIZE_LIMIT - len(line))
    assert owners(text[:-1], "x") == ("a",)
    assert owners(text, "x") == ()
    assert codes(text) == [(0, "codeowners.too-large")]


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


@pytest.mark.parametrize(
    "pattern", ["!/models/", "\\#notes", "/models/[ab]/", "models]", "***", "/", "a//b", "a\\"]
)
def test_a_line_with_syntax_that_github_ignores_is_no_line(pattern: str) -> None:
    text = f"* @everybody\n{pattern} @intruder\n"
    for path in ("models/a/b", "#notes", "models]", "x"):
        assert owners(text, path) == ("everybody",)


def test_an_ignored_line_still_counts_as_a_line() -> None:
    assert entry("# comment\n!/a @x\n/a/ @group\n", "a/b") == Entry(3, "/a/", ("@group",), 1)


def test_owners_are_told_as_they_are_written() -> None:
    found = entry("* @aurora/oncology @Sam\n", "a")
    assert found
    assert found.owners == ("@aurora/oncology", "@Sam")


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\r", "\x1c"])
def test_only_a_newline_ends_a_comment(separator: str) -> None:
    """Else a rule could hide in what every reviewer sees as a comment."""
    text = f"* @owners\n# a comment{separator}* @intruder\n"
    assert owners(text, "a") == ("owners",)


def test_an_empty_file_owns_nothing() -> None:
    assert entry("", "a") is None


@settings(deadline=None)
@given(st.text(max_size=80), st.text(min_size=1, max_size=30))
def test_no_text_and_no_path_is_too_odd_to_be_answered(text: str, path: str) -> None:
    found = entry(text, path)
    assert found is None or found.required == bool(found.owners)


patterns = st.lists(
    st.sampled_from(["a", "b", "/", "*", "**", "?", ".", "/**/", "**/", "/*"]),
    min_size=1,
    max_size=6,
).map("".join)
paths = st.lists(
    st.text(st.sampled_from("ab."), min_size=1, max_size=3), min_size=1, max_size=4
).map("/".join)


@settings(deadline=None, max_examples=1500)
@given(patterns, paths)
def test_patterns_match_what_the_codeowners_package_says(pattern: str, path: str) -> None:
    """An independent port of how GitHub matches.

    It takes `***` and empty names, which GitHub does not, and blanks for slashes.
    """
    assume(glob_of(pattern) is not None and "***" not in pattern and pattern.strip("/"))
    told = CodeOwners(f"{pattern} @x\n").matching_line(path)[1] is not None
    assert (entry(f"{pattern} @x\n", path) is not None) == told


@settings(deadline=None, max_examples=150)
@given(st.lists(patterns, min_size=1, max_size=5), st.lists(paths, min_size=1, max_size=3))
def test_the_last_of_many_lines_is_the_one_that_the_codeowners_package_finds(
    lines: list[str], asked: list[str]
) -> None:
    kept = [p for p in lines if glob_of(p) and "***" not in p and p.strip("/")]
    text = "".join(f"{pattern} @o{n}\n" for n, pattern in enumerate(kept))
    for path in asked:
        found = entry(text, path)
        assert (found.line if found else None) == CodeOwners(text).matching_line(path)[1]
