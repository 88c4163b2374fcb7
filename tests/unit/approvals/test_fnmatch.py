"""Ruby's fnmatch, pattern by pattern, as its documentation tells it."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.fnmatch import glob_of_fnmatch


def matches(pattern: str, path: str) -> bool:
    glob = glob_of_fnmatch(pattern)
    return glob is not None and glob.matches(path.removeprefix("/"))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/**/foo", "/a/b/c/foo", True),
        ("/**/foo", "/foo", True),
        ("/**/*.rb", "/lib/song.rb", True),
        ("/**.rb", "/lib/song.rb", False),
        ("/*", "/.profile", True),
        ("/ca[a-z]", "/cat", True),
        ("/ca[^t]", "/cat", False),
        ("/ca[!t]", "/cab", True),
        ("/cat[", "/cat[", False),
        ("/\\?", "/?", True),
        ("/\\?", "/a", False),
        ("/[\\a]?", "/a", False),
        ("/a[/]b", "/a/b", False),
        ("/a[/x]b", "/a/b", False),
        ("/a[/x]b", "/axb", True),
        ("/[c-a]", "/a", True),
        ("/[c-a]", "/b", False),
        ("/a\\", "/a", True),
        ("/a\\", "/a\\", False),
        ("/a\\/b", "/a/b", True),
        ("/\\", "/\\", False),
        ("/c{at,ub}s", "/cats", False),
        ("/**/**/a", "/b/a", True),
        ("/a//b", "/a/b", False),
    ],
)
def test_a_pattern_matches_as_in_ruby(pattern: str, path: str, *, expected: bool) -> None:
    assert matches(pattern, path) == expected


@settings(deadline=None, max_examples=500)
@given(
    st.text(st.sampled_from("ab*?"), min_size=1, max_size=8),
    st.text(st.sampled_from("ab."), min_size=1, max_size=8),
)
def test_within_one_name_it_is_the_shells_matching(pattern: str, name: str) -> None:
    assert matches(f"/{pattern}", f"/{name}") == fnmatch.fnmatchcase(name, pattern)
