"""GitLab's CODEOWNERS, as its documentation tells it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.gitlab import GitLab
from turnpike.approvals.interface import Entry


def entries(text: str, path: str) -> tuple[Entry, ...]:
    return GitLab().parse(text).entries_of(path)


def owners(text: str, path: str) -> dict[str | None, tuple[str, ...]]:
    return {entry.section: entry.owners for entry in entries(text, path)}


def codes(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in GitLab().parse(text).ignored]


README = """\
* @admin

[README Owners]
README.md @user1 @user2
internal/README.md @user4

[README other owners]
README.md @user3
"""


def test_each_section_has_its_own_last_match() -> None:
    assert owners(README, "README.md") == {
        None: ("@admin",),
        "README Owners": ("@user1", "@user2"),
        "README other owners": ("@user3",),
    }
    assert owners(README, "internal/README.md") == {
        None: ("@admin",),
        "README Owners": ("@user4",),
        "README other owners": ("@user3",),
    }


def test_a_section_of_the_name_that_gitlab_gives_the_unnamed_one_is_that_one() -> None:
    text = "* @all\n[codeowners]\nx @x\n[CODEOWNERS]\ny @y\n[Docs]\n[CodeOwners]\nz @z\n"
    assert owners(text, "x") == {None: ("@x",)}
    assert owners(text, "y") == {None: ("@all",), "CODEOWNERS": ("@y",)}
    assert owners(text, "z") == {None: ("@z",)}
    assert [one for one in codes(text) if one[1] == "codeowners.section-unnamed"] == [
        (2, "codeowners.section-unnamed"), (7, "codeowners.section-unnamed"),
    ]  # fmt: skip


def test_default_owners_stand_where_a_line_names_none() -> None:
    text = "[Database] @database-team @agarcia\nmodel/db/\nconfig/db/setup.md @docs-team\n"
    assert owners(text, "model/db/a.rb") == {"Database": ("@database-team", "@agarcia")}
    assert owners(text, "config/db/setup.md") == {"Database": ("@docs-team",)}


def test_default_owners_may_stand_right_at_the_heading() -> None:
    assert entries("[S][2]@a\nx\n", "x") == (Entry(2, "x", ("@a",), 2, "S"),)
    assert entries("[S]a @b\nx\n", "x") == (Entry(2, "x", ("@b",), 1, "S"),)


def test_sections_of_one_name_in_any_case_are_one() -> None:
    text = "[Docs]\nee/docs/ @a\n[Other]\nx @b\n[DOCS]\nREADME.md @c\n"
    assert owners(text, "ee/docs/README.md") == {"Docs": ("@c",)}


@pytest.mark.parametrize(
    ("heading", "required"),
    [("[S]", 1), ("[S][2]", 2), ("[S][1]", 1), ("[S][0]", 1), ("^[S]", 0), ("^[S][2]", 0),
     ("[S][x]", 1), ("[S][3] @default", 3), ("[S][ 2 ]", 2), ("[S][2 3]", 2), ("[S][ ]", 1),
     pytest.param(f"[S][{'9' * 5000}]", 10**9, id="5000 digits"), ("[S][0000000000002]", 2)],
)  # fmt: skip
def test_a_section_says_how_many_must_approve(heading: str, required: int) -> None:
    (entry,) = entries(f"{heading}\nx @a\n", "x")
    assert entry.required == required


def test_a_section_is_optional_only_where_every_heading_says_so() -> None:
    assert [e.required for e in entries("^[S]\nx @a\n[s]\ny @b\n", "x")] == [1]
    assert [e.required for e in entries("^[S]\nx @a\n^[s]\ny @b\n", "x")] == [0]


def test_an_entry_without_owners_needs_nobody() -> None:
    assert entries("x\n", "x") == (Entry(1, "x", (), 0),)
    assert entries("[S] @a\nx nobody\n", "x") == (Entry(2, "x", (), 0, "S"),)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "a/b/.c", True),
        ("README.md", "internal/README.md", True),
        ("/README.md", "internal/README.md", False),
        ("internal/README.md", "docs/internal/README.md", True),
        ("/docs/", "docs/deep/a.md", True),
        ("docs/", "other/docs/a.md", True),
        ("docs", "docs/a.md", False),
        ("/docs/*", "docs/deep/a.md", False),
        ("/docs/*.md", "docs/a.md", True),
        ("/docs/*/README.md", "docs/api/README.md", True),
        ("/docs/**/index.md", "docs/index.md", True),
        ("/docs/**/index.md", "docs/a/b/index.md", True),
        ("/docs/**", "docs/a/b", False),
        ("\\#file.rb", "#file.rb", True),
        ("path\\ with\\ spaces/", "path with spaces/a", True),
        ("/[ab].md", "b.md", True),
        ("x[ab].md", "xb.md", True),
        ("x[^ab].md", "xb.md", False),
        ("x[a-c].md", "xc.md", True),
        ("/x?z", "x/z", False),
        ("*.RB", "a.rb", False),
        ("/", "any/thing", True),
    ],
)
def test_patterns_are_those_of_ruby(pattern: str, path: str, *, matches: bool) -> None:
    assert bool([e for e in entries(f"{pattern} @a\n", path) if e.owners == ("@a",)]) == matches


def test_an_exclusion_takes_paths_out_of_its_section_for_good() -> None:
    text = "* @all\n!*.rb\n/special/*.rb @late\n[Ruby]\n*.rb @ruby\n!/config/**/*.rb\n"
    assert owners(text, "special/a.rb") == {"Ruby": ("@ruby",)}
    assert owners(text, "config/deep/a.rb") == {}
    assert owners(text, "a.md") == {None: ("@all",)}


def test_roles_groups_and_addresses_own() -> None:
    text = "x @@maintainer @@Developers @group/nested/sub janedoe@gitlab.com\n"
    assert owners(text, "x") == {
        None: ("@@maintainer", "@@Developers", "@group/nested/sub", "janedoe@gitlab.com")
    }


@pytest.mark.parametrize("said", ["@a,@b", "(@a) [@b]", "@a;@b"])
def test_owners_are_found_between_other_characters(said: str) -> None:
    assert owners(f"x {said}\n", "x") == {None: ("@a", "@b")}
    assert codes(f"x {said}\n") == [(1, "codeowners.invalid-owner")]


def test_owners_in_an_inline_comment_count_and_are_told() -> None:
    assert owners("x @a # then @b\n", "x") == {None: ("@a", "@b")}
    assert codes("x @a # then @b\n") == [(1, "codeowners.comment-unsupported")]


def test_a_heading_that_cannot_be_read_is_a_line_of_the_section_before() -> None:
    text = "[Docs]\ndocs/ @docs\n[Section name\nother/ @other\n"
    assert owners(text, "other/x") == {"Docs": ("@other",)}
    assert (3, "codeowners.heading-unparsable") in codes(text)


@pytest.mark.parametrize(
    ("line", "code"),
    [("[]", "section-unnamed"), ("^[S][2]", "invalid-count"), ("[S][0]", "invalid-count"),
     ("[S][ ]", "invalid-count"), ("[S][2 3]", "invalid-count"), ("[S]a @b", "invalid-owner"),
     ("[S] nobody", "invalid-owner"), ("x nobody @a", "invalid-owner"),
     ("x[a @a", "matches-nothing")],
)  # fmt: skip
def test_what_gitlab_leaves_out_is_told_with_its_line(line: str, code: str) -> None:
    assert (2, f"codeowners.{code}") in codes(f"# first\n{line}\n")


@settings(deadline=None)
@given(st.text(max_size=100), st.text(min_size=1, max_size=20))
def test_no_text_and_no_path_is_too_odd_to_be_answered(text: str, path: str) -> None:
    for entry in entries(text, path):
        assert entry.owners or not entry.required
