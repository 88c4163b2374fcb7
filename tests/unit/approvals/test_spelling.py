"""A pattern that is written in a dialect is read there as the same pattern."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.github import glob_of
from turnpike.approvals.gitlab import GitLab
from turnpike.approvals.glob import Glob
from turnpike.approvals.spelling import all_but, expression_of, in_gitea, in_github, in_gitlab

patterns = st.text(st.sampled_from("ab/*? \\#!."), min_size=1, max_size=7).map(glob_of)


@settings(deadline=None, max_examples=500)
@given(patterns)
def test_githubs_pattern_is_read_as_it_was_meant(glob: Glob | None) -> None:
    spelt = in_github(glob) if glob else None
    if glob is not None and spelt is not None:
        (text,) = spelt
        again = glob_of(text)
        assert again is not None
        for path in ("a", "b/a", "a/b", "a/b/a", "a b", "#", "!a", "b/a/#"):
            assert not glob.matches(path) or again.matches(path)


@pytest.mark.parametrize(
    ("pattern", "gitlab"),
    [("*", ("*",)), ("/a/", ("/a/",)), ("a", ("a", "a/")), ("/a/*", ("/a/*",)),
     ("**/a/b/", ("a/b/",)), ("a\\ b", ("a\\ b", "a\\ b/"))],
)  # fmt: skip
def test_gitlabs_spelling_of_githubs_patterns(pattern: str, gitlab: tuple[str, ...]) -> None:
    glob = glob_of(pattern)
    assert glob
    assert in_gitlab(glob) == gitlab


@pytest.mark.parametrize(
    ("pattern", "github"),
    [("*", "*"), ("*.md", "*.md"), ("/a/", "/a/"), ("a/", "a/"), ("/a/*", "/a/*"),
     ("a/b", "**/a/b"), ("\\#a", "**/#a"), ("x[ab]", None), ("x\\[", None)],
)  # fmt: skip
def test_githubs_spelling_of_gitlabs_patterns(pattern: str, github: str | None) -> None:
    (rule,) = GitLab().parse(f"{pattern} @a\n").rules
    assert rule.glob
    assert in_github(rule.glob) == ((github,) if github else None)


def test_an_expression_takes_special_characters_as_they_are() -> None:
    glob = glob_of("/a.b/c\\ d/")
    assert glob
    assert expression_of(glob) == "a\\.b/c d/.*"
    assert in_gitea(glob) == "a\\\\.b/c\\ d/.*"
    assert all_but((glob, glob)).startswith("!(?:a\\\\.b/c\\ d/.*|")
