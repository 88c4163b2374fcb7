"""Each flaw is found at its line, and a file without flaws is left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.dialects import DIALECTS
from turnpike.approvals.generate import Source, generate
from turnpike.approvals.interface import DialectName
from turnpike.approvals.lint import Subject, lint
from turnpike.documents.reading import read
from turnpike.topology.organisation import ORGANISATION
from unit.judge.examples import organisation

ROOT = Path(__file__).parents[3]


def codes(text: str, dialect: DialectName = "github", **others: str) -> list[tuple[int, str]]:
    files = {"CODEOWNERS": text, **others}
    found = lint(Subject(dialect, files, organisation()))
    assert all(one.solution and one.expected for one in found)
    return [(one.line, one.code.removeprefix("codeowners.")) for one in found]


@pytest.mark.parametrize(
    ("dialect", "text", "found"),
    [
        ("github", "* @oncology\n", []),
        ("github", "/docs/ @oncology\n", [(1, "unowned")]),
        ("github", "* @oncology\n/free/\n", [(2, "unowned")]),
        ("github", "* @oncology\n/free/\n/free/ @oncology\n", [(2, "duplicate-pattern")]),
        ("github", "* @oncology\n/a/x @oncology\n/a/ @oncology\n", [(2, "unreachable-pattern")]),
        ("github", "/a/ @oncology\n* @oncology\n", [(1, "unreachable-pattern")]),
        ("github", "* @nobody\n", [(1, "unknown-owner")]),
        ("github", "\ufeff* @oncology\n", [(1, "byte-order-mark"), (1, "unowned")]),
        ("github", "* @oncology\n!x @oncology\n", [(2, "negation-unsupported")]),
        ("github", "* @oncology\n[ab] @oncology\n", [(2, "range-unsupported")]),
        ("github", "* @oncology\n\\#x @oncology\n", [(2, "escape-unsupported")]),
        ("gitlab", "* @oncology\n[Docs]\n*.md @oncology\n", []),
        ("gitlab", "* @oncology\n!x\n", [(2, "unowned")]),
        ("gitlab", "* @oncology\n!x\n[X]\nx @tom\n", []),
        ("gitlab", "* @oncology\n!x\n[X]\nx @tom\n!x\n",
         [(2, "unowned"), (4, "unreachable-pattern")]),
        ("gitlab", "[X]\n* @oncology\n!*.md\n/special/*.md @tom\n",
         [(3, "unowned"), (4, "unreachable-pattern")]),
        ("gitlab", "* @@owner\n", [(1, "unknown-owner")]),
        ("gitlab", "* @oncology # why\n", [(1, "comment-unsupported")]),
        ("gitea", ".* @oncology\n", []),
        ("gitea", "a.* @oncology\n", [(1, "unowned")]),
        ("gitea", ".* @oncology\n.* @tom\n", [(1, "duplicate-pattern")]),
        ("gitea", ".* @oncology\n/a/.* @tom\n", []),
        ("gitea", ".* @oncology\n^/a/.* @tom\n", [(2, "matches-nothing")]),
        ("gitea", ".* @oncology\na/ @tom\n", [(2, "matches-nothing")]),
        ("gitea", ".* @oncology\na/|b @tom\n", []),
        ("gitea", ".* @oncology\n( @tom\n", [(2, "invalid-pattern")]),
    ],
)  # fmt: skip
def test_a_flaw_is_found_at_its_line(
    dialect: DialectName, text: str, found: list[tuple[int, str]]
) -> None:
    assert codes(text, dialect) == found


def test_a_second_file_is_found_whichever_of_them_is_read() -> None:
    for other in ("docs/CODEOWNERS", ".github/CODEOWNERS"):
        files = {"CODEOWNERS": "* @oncology\n", other: "* @oncology\n"}
        (found,) = lint(Subject("github", files, organisation()))
        assert found.code == "codeowners.shadowed"
        assert found.file == ("CODEOWNERS" if other.startswith(".github") else other)


def test_another_hosts_file_must_be_the_generated_one() -> None:
    text = "* @oncology\n/docs/ @platform-owners\n"
    said = generate(Source("CODEOWNERS", "github", text, organisation()), "gitlab")
    assert codes(text, "github", **{".gitlab/CODEOWNERS": said}) == []
    assert codes(text, "github", **{".gitlab/CODEOWNERS": f"{said}x @tom\n"}) == [
        (1, "not-generated")
    ]


def test_without_a_file_everything_is_unowned() -> None:
    (found,) = lint(Subject("gitea", {".github/CODEOWNERS": "* @x\n"}))
    assert found.code == "codeowners.missing"


def test_what_the_product_ships_has_no_flaw() -> None:
    company = read(ORGANISATION, (ROOT / "policies/data/organisation.yaml").read_bytes(), "o")
    text = (ROOT / "CODEOWNERS").read_text(encoding="utf-8")
    assert lint(Subject("github", {"CODEOWNERS": text}, company)) == ()


lines = st.lists(
    st.tuples(
        st.text(st.sampled_from("ab/*!"), min_size=1, max_size=5),
        st.sampled_from(["@oncology", ""]),
    ),
    max_size=4,
).map(lambda rows: "".join(f"{pattern} {owner}\n" for pattern, owner in rows))


@pytest.mark.parametrize("dialect", ["github", "gitlab"])
@settings(deadline=None, max_examples=150)
@given(text=lines, path=st.lists(st.sampled_from(["a", "b", "ab", "c"]), min_size=1, max_size=3))
def test_where_nothing_is_unowned_every_path_has_an_owner(
    dialect: DialectName, text: str, path: list[str]
) -> None:
    if not any(code == "unowned" for _, code in codes(text, dialect)):
        entries = DIALECTS[dialect].parse(text).entries_of("/".join(path))
        assert any(entry.owners for entry in entries)


@settings(deadline=None, max_examples=150)
@given(text=lines, path=st.lists(st.sampled_from(["a", "b", "ab", "c"]), min_size=1, max_size=3))
def test_a_line_that_is_called_unreachable_decides_nothing(text: str, path: list[str]) -> None:
    idle = {line for line, code in codes(text) if code == "unreachable-pattern"}
    for entry in DIALECTS["github"].parse(text).entries_of("/".join(path)):
        assert entry.line not in idle
