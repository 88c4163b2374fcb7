"""One line tells what happened, to what, and who is waited for; it leaves nobody guessing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.decision import Finding, Requirement
from turnpike.notifying.wording import decided_text, merged_text, release_text, subjects_text
from unit.explain.test_decision_text import FINDING, decision
from unit.judge.deployed import RELEASE
from unit.judge.examples import object_id

PLACE = "production/local/oncology/triage"


def finding(code: str) -> Finding:
    return FINDING.model_copy(update={"code": code})


def need(group: str, count: int, *by: str) -> Requirement:
    return Requirement(group=group, count=count, reason="r", approved_by=by)


@pytest.mark.parametrize(
    ("subjects", "said"),
    [((), "docs"), (("a",), "a"), (("a", "b"), "a and 1 more"), (("a",) * 5000, "a and 4999 more")],
)
def test_what_it_is_about_is_named_and_the_rest_counted(
    subjects: tuple[str, ...], said: str
) -> None:
    assert subjects_text(decision(subjects=subjects, change_class="docs")) == said


@given(st.lists(st.sampled_from("abcdef"), max_size=9))
def test_every_reason_is_named_or_counted(codes: list[str]) -> None:
    said = decided_text(decision(verdict="deny", findings=tuple(map(finding, codes))))
    _, _, told = said.partition("(pull request 1)")
    words = [one for one in told.removeprefix(": ").split(", ") if one]
    named = [one for one in words if not one.endswith(" more")]
    counted = sum(int(one.removesuffix(" more")) for one in words if one.endswith(" more"))
    assert named == codes[:3]
    assert len(named) + counted == len(codes)


def test_only_who_is_still_missing_is_waited_for() -> None:
    needs = (need("risk", 2, "bob"), need("oncology", 1, "tom"), need("owners", 3))
    said = decided_text(decision(verdict="deny", requirements=needs))
    assert said.endswith("; waits for 1 of @risk, 3 of @owners")
    met = decided_text(decision(requirements=(need("oncology", 1, "tom"),)))
    assert "waits for" not in met


def test_of_a_path_that_nobody_owns_nobody_is_mentioned() -> None:
    said = decided_text(decision(verdict="deny", requirements=(need("", 1),)))
    assert said.endswith("waits for 1 of @(nobody owns this)")


@pytest.mark.parametrize("verdict", ["allow", "deny", "undecided"])
def test_no_verdict_reads_like_another(verdict: str) -> None:
    words = {"allow": "ALLOWED", "deny": "DENIED", "undecided": "UNDECIDED"}
    assert decided_text(decision(verdict=verdict)).split(":")[0] == words[verdict]


def test_a_change_without_a_pull_request_names_none() -> None:
    said = decided_text(decision(pull_request=None))
    assert said == "ALLOWED: model oncology/triage"
    # The number 0 is what a draft is decided under.
    assert "(pull request 0)" in decided_text(decision(pull_request=0))


def test_a_merge_is_told_by_the_commit_that_main_has() -> None:
    commit = object_id("merge")
    said = merged_text(decision(), commit)
    assert said == f"Merged: model oncology/triage (pull request 1), as {commit[:12]}"


def test_what_serves_is_told_by_its_digest_and_a_gap_is_told_as_one() -> None:
    said = release_text(PLACE, RELEASE, is_retired=False)
    assert f"{PLACE} version 1" in said
    assert RELEASE.artifact[:19] in said
    assert "traffic 100%" in said
    assert release_text(PLACE, None, is_retired=True) == f"Retired: {PLACE}"
    assert "cannot be read" in release_text(PLACE, None, is_retired=False)
    assert "Released" not in release_text(PLACE, RELEASE, is_retired=True)
