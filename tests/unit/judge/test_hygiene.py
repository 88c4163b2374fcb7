"""What Git objects alone tell is looked at before anything is parsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.decision import ChangeClass
from turnpike.judge.facts import Change
from turnpike.judge.hygiene import (
    LARGE_SIZE_LIMIT,
    MOST_BYTES,
    MOST_COMMITS,
    MOST_PATHS,
    SIZE_LIMIT,
    hygiene,
)
from unit.judge.examples import UNHURRIED, added, deleted, model_facts, with_changes

CARD = "models/oncology/triage/card.md"


def codes(change_class: ChangeClass, *changes: Change) -> list[str]:
    return [one.code for one in hygiene(with_changes(model_facts(), *changes), change_class)]


@pytest.mark.parametrize(
    "path",
    [
        "docs/a.md\n",
        "docs/a\nb.md",
        "docs/ä.md",
        "docs/\u202egpj.md",
        "docs//a.md",
        "/docs/a.md",
        "docs/",
        "docs/..",
        "docs/./a.md",
        "docs/a.",
        "docs/a ",
        ".git/config",
        "docs/.GIT/config",
        "docs/.gitattributes",
        "docs/.gitmodules",
        "docs/a\\b",
        "docs/a:b",
        "docs/$(id).md",
        "docs/" + "a" * 240,
        "",
    ],
)
def test_a_path_that_hides_what_it_is_is_refused(path: str) -> None:
    assert "change.path-not-plain" in codes("docs", added(path))


@pytest.mark.parametrize("path", ["docs/a.md", ".gitignore", "docs/a-b_c@2+x.md", "docs/a b.md"])
def test_a_plain_path_passes(path: str) -> None:
    assert codes("platform", added(path)) == []


@pytest.mark.parametrize("place", [".github/CODEOWNERS", ".gitlab/CODEOWNERS", ".gitea/CODEOWNERS",
                                   ".github/workflows/gate.yml", ".gitlab-ci.yml"])  # fmt: skip
def test_what_hosts_look_for_passes_in_its_one_spelling(place: str) -> None:
    assert codes("platform", added(place)) == []
    assert codes("platform", added(place.upper())) == ["change.path-not-plain"]


@pytest.mark.parametrize("count", [MOST_PATHS, MOST_PATHS + 1])
def test_a_change_of_more_paths_than_anybody_reviews_is_refused_for_that_alone(count: int) -> None:
    change = added("docs/\u00e4.md")
    found = set(codes("docs", *[change] * count))
    assert found == {"change.path-not-plain" if count == MOST_PATHS else "change.too-many-paths"}


def test_a_change_of_more_commits_than_anybody_reviews_is_refused() -> None:
    facts = model_facts()
    many = facts.model_copy(update={"commits": facts.commits * (MOST_COMMITS + 1)})
    assert [one.code for one in hygiene(many, "model")] == ["change.too-many-commits"]


def test_a_change_of_more_bytes_than_are_read_is_refused() -> None:
    count = MOST_BYTES // SIZE_LIMIT
    files = [added(f"docs/{n}.md", size=SIZE_LIMIT) for n in range(count + 1)]
    assert codes("docs", *files[:count]) == []
    assert codes("docs", *files) == ["change.too-large"]
    alike = files[0].model_copy(update={"path": "docs/same.md"})
    assert codes("docs", *files[:count], alike) == []


def test_a_name_that_is_not_text_is_refused_even_where_it_reads_plainly() -> None:
    raw = added("docs/a.md").model_copy(update={"plain": False})
    assert codes("docs", raw) == ["change.path-not-plain"]


def test_a_deletion_of_an_odd_path_is_refused_as_well() -> None:
    assert codes("docs", deleted("docs/ä.md")) == ["change.path-not-plain"]


@pytest.mark.parametrize("mode", ["120000", "160000", "100755", "100664", "040000"])
def test_only_regular_files_pass(mode: str) -> None:
    assert codes("docs", added("docs/a.md", mode)) == ["change.file-kind"]


def test_the_platform_may_bring_executables_and_no_links() -> None:
    assert codes("platform", added("tools/run", "100755")) == []
    assert codes("platform", added("tools/run", "120000")) == ["change.file-kind"]


@pytest.mark.parametrize(
    ("change_class", "limit"),
    [("model", SIZE_LIMIT), ("docs", LARGE_SIZE_LIMIT), ("render", SIZE_LIMIT)],
)
def test_each_class_has_its_largest_file(change_class: ChangeClass, limit: int) -> None:
    assert "change.file-too-large" not in codes(change_class, added(CARD, size=limit))
    assert "change.file-too-large" in codes(change_class, added(CARD, size=limit + 1))


def test_twins_are_found_among_what_is_added_only() -> None:
    assert "change.case-twins" in codes("docs", added("docs/A.md"), added("docs/a.md"))
    assert codes("docs", deleted("docs/A.md"), added("docs/a.md")) == []


def test_a_twin_of_what_main_has_is_found() -> None:
    twin = added("docs/A.md").model_copy(update={"twin": "docs/a.md"})
    assert "change.case-twins" in codes("docs", twin)


def test_nothing_to_merge_is_said_once() -> None:
    assert codes("none") == ["change.empty"]


def test_nobody_is_told_to_close_what_the_embedded_host_cannot_close() -> None:
    (found,) = hygiene(with_changes(model_facts()), "none")
    assert "Push the commits that are missing" in found.solution
    assert "close" not in found.solution.lower()


def test_a_conflict_is_told_with_its_paths() -> None:
    facts = with_changes(model_facts())
    merge = facts.merge.model_copy(update={"merge_tree": None, "conflicts": ("a", "b")})
    (found,) = hygiene(facts.model_copy(update={"merge": merge}), "none")
    assert (found.code, found.subject) == ("change.conflict", "a, b")


def test_a_model_brings_its_own_files_only() -> None:
    assert codes("model", added(CARD)) == []
    assert codes("model", added("models/oncology/triage/checks/deep/a.py")) == [
        "change.file-not-allowed"
    ]
    assert codes("model", added(CARD), added("models/x.txt")) == ["change.file-not-allowed"]
    assert codes("model", added(CARD), added("models/oncology/b/card.md")) == ["change.many-models"]


@UNHURRIED
@given(st.text(max_size=60), st.sampled_from(("100644", "100755", "120000", "777")))
def test_no_path_is_too_odd_to_be_judged(path: str, mode: str) -> None:
    found = hygiene(with_changes(model_facts(), added(path, mode)), "docs")
    plain = path.isascii() and path.isprintable() and bool(path)
    assert plain or "change.path-not-plain" in [one.code for one in found]
