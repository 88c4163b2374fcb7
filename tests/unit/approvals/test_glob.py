"""A pattern matches the same paths as its automaton, and never takes long."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.fnmatch import glob_of_fnmatch
from turnpike.approvals.github import glob_of
from turnpike.approvals.glob import Glob
from turnpike.approvals.language import automaton_of

github = st.text(st.sampled_from("ab/*?"), min_size=1, max_size=8).map(glob_of)
ruby = st.text(st.sampled_from("ab/*?[]^-"), min_size=1, max_size=9).map(
    lambda text: glob_of_fnmatch(f"/**/{text}")
)
paths = st.lists(st.text(st.sampled_from("abc"), min_size=1, max_size=4), min_size=1, max_size=4)


def accepts(glob: Glob, path: str) -> bool:
    """Walk the automaton: slow and obvious."""
    automaton = automaton_of(glob)
    states = automaton.first
    for char in path:
        states = automaton.after(states, char)
    return bool(states & automaton.last)


@settings(deadline=None, max_examples=1500)
@given(st.one_of(github, ruby), paths.map("/".join))
def test_a_pattern_matches_what_its_automaton_accepts(glob: Glob | None, path: str) -> None:
    if glob is not None:
        assert glob.matches(path) == accepts(glob, path)


@pytest.mark.parametrize("pattern", ["a*" * 60 + "b", "**/a/" * 40 + "b", "*a" * 60 + "/c"])
def test_a_pattern_made_to_take_long_takes_no_longer_than_others(pattern: str) -> None:
    """A matcher that goes back would not end on these."""
    glob = glob_of(pattern)
    assert glob
    assert not glob.matches("a" * 200)
    assert not glob.matches("a/" * 100 + "x")


def test_a_pattern_of_a_megabyte_is_read_in_time_that_follows_its_length() -> None:
    """Copying what was read for each further character would take an hour."""
    glob = glob_of("ab" * 500_000)
    assert glob
    assert not glob.matches("a")


@pytest.mark.parametrize("path", ["docs/a.md", "docs", "docsx", "doc", "docs/b/a.md", "x/docs/a"])
@pytest.mark.parametrize("pattern", ["/docs", "/docs/", "/doc?", "/docs/*", "/d*/a.md", "/docs/**"])
def test_what_a_path_must_begin_with_takes_no_path_from_a_pattern(pattern: str, path: str) -> None:
    glob = glob_of(pattern)
    assert glob
    assert glob.matches(path) == (glob._compiled.match(path) is not None)


@pytest.mark.parametrize(
    "pattern",
    ["*.md", "/docs/", "docs/", "/docs", "**/logs", "a/**/b", "/*/b", "a?", "a/**", "*", "/a/*/c/"],
)
def test_git_ignores_by_a_pattern_what_github_owns_by_it(pattern: str, tmp_path: Path) -> None:
    """Gitignore is what GitHub's patterns are defined by; only `x/*` differs, by documentation."""
    names = ["a", "a.md", "docs/x", "q/docs/y", "a/b", "a/c/b", "a/c/d/b/e", "z/b", "logs/l",
             "k/logs/l", "ab", "a/z/c/w", "q/a/b"]  # fmt: skip
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text(f"{pattern}\n", encoding="utf-8")
    done = subprocess.run(
        ["git", "-C", tmp_path, "check-ignore", "--no-index", "--", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    glob = glob_of(pattern)
    assert glob
    assert {name for name in names if glob.matches(name)} == set(done.stdout.split())
