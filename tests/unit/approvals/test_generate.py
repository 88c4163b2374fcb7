"""What is generated says the same of every path, and what cannot be said is named."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from turnpike.approvals.dialects import DIALECTS
from turnpike.approvals.generate import Source, generate
from turnpike.approvals.interface import DialectName
from turnpike.errors import InputError
from turnpike.topology.organisation import Organisation
from unit.judge.examples import organisation


def company() -> Organisation:
    known = organisation()
    maria, *others = known.people
    accounts = {"github": "maria-gh", "gitlab": "maria-gl"}
    twice = maria.model_copy(update={"accounts": accounts})
    roles = {"maintainer": "platform-owners"}
    return known.model_copy(update={"people": (twice, *others), "codeowners_roles": roles})


def said(text: str, dialect: DialectName, target: DialectName) -> str:
    return generate(Source("CODEOWNERS", dialect, text, company()), target)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def owners(dialect: DialectName, text: str, path: str) -> set[str]:
    entries = DIALECTS[dialect].parse(text).entries_of(path)
    return {owner for entry in entries for owner in entry.owners}


def test_a_file_or_folder_of_github_is_two_lines_of_gitlab() -> None:
    assert said("* @oncology\n/docs @oncology\n", "github", "gitlab").splitlines()[1:] == [
        "* @oncology", "/docs @oncology", "/docs/ @oncology",
    ]  # fmt: skip


def test_a_person_is_called_by_their_account_on_the_other_host() -> None:
    assert lines(said("* @maria-gh\n", "github", "gitlab")) == ["* @maria-gl"]
    with pytest.raises(InputError, match="expected an account of maria on gitea"):
        said("* @maria-gh\n", "github", "gitea")
    assert lines(said("* maria@example.org\n", "github", "gitlab")) == ["* maria@example.org"]


def test_an_exclusion_becomes_a_last_line_without_owner() -> None:
    text = "!x/\n* @oncology\n/y/ @@maintainer\n"
    assert lines(said(text, "gitlab", "github")) == ["* @oncology", "/y/ @platform-owners", "x/"]


def test_the_rule_for_everything_leaves_out_what_later_lines_take_away() -> None:
    text = "* @platform-owners\n/docs/ @oncology\n/both/ @oncology @platform-owners\n"
    assert lines(said(text, "github", "gitea")) == [
        "!(?:docs/.*) @platform-owners",
        "docs/.* @oncology",
        "both/.* @oncology @platform-owners",
    ]


@pytest.mark.parametrize(
    ("dialect", "text", "target", "line"),
    [
        ("gitlab", "* @oncology\n[S]\n*.md @oncology\n", "github", 3),
        ("gitlab", "[S][2]\n* @oncology\n", "github", 2),
        ("gitlab", "^[S]\n* @oncology\n", "github", 2),
        ("gitlab", "x[ab] @oncology\n", "github", 1),
        ("gitlab", "* @@owner\n", "github", 1),
        ("github", "* @oncology\n/a/ @oncology\n/a/b/ @platform-owners\n", "gitea", 2),
        ("github", "* @nobody\n", "gitlab", 1),
        ("gitea", ".* @oncology\n", "github", 1),
    ],
)
def test_what_cannot_be_said_is_named_with_its_line(
    dialect: DialectName, text: str, target: DialectName, line: int
) -> None:
    with pytest.raises(InputError, match=f"CODEOWNERS:{line}: ") as refused:
        said(text, dialect, target)
    assert refused.value.code == "codeowners.cannot-say"


def test_the_declared_dialect_itself_is_left_as_it_is() -> None:
    assert said("* @x # text\n", "github", "github") == "* @x # text\n"


names = st.text(st.sampled_from("ab*?.\\ "), min_size=1, max_size=3)
patterns = st.one_of(
    st.sampled_from(["*", "a/", "/a/", "/a/*", "**/b", "a/**", "/b", "/a/**/b", "/a/b/**/", "**"]),
    st.lists(names, min_size=1, max_size=3).map("/".join),
)
files = st.lists(
    st.tuples(patterns, st.sampled_from(["@oncology", "@platform-owners", "@oncology @tom", ""])),
    min_size=1, max_size=4,
).map(lambda rows: "".join(f"{pattern} {owner}\n" for pattern, owner in rows))  # fmt: skip
paths = st.lists(
    st.text(st.sampled_from("ab.*? "), min_size=1, max_size=3), min_size=1, max_size=4
).map("/".join)


@pytest.mark.parametrize("target", ["gitlab", "gitea"])
@settings(deadline=None, max_examples=300)
@given(text=files, asked=st.lists(paths, min_size=1, max_size=4))
def test_githubs_file_means_the_same_in_the_other_dialect(
    target: DialectName, text: str, asked: list[str]
) -> None:
    company = organisation()
    everywhere = [
        person.model_copy(update={"accounts": dict.fromkeys(("embedded", *DIALECTS), person.id)})
        for person in company.people
    ]
    known = company.model_copy(update={"people": tuple(everywhere)})
    try:
        other = generate(Source("CODEOWNERS", "github", text, known), target)
    except InputError:
        assume(False)
        return
    for path in asked:
        assert owners("github", text, path) == owners(target, other, path), other
