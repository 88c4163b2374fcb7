"""``turnpike pr``: what people open, see and say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora, git

AUTHOR, REVIEWER = "maria-lopez", "tom-becker"


def opened(aurora: Aurora, text: str) -> tuple[int, str]:
    """Open a pull request by the verb."""
    commit = aurora.commit(f"docs/{text}.md", text)
    said = answered(aurora.instance.monorepo, "pr", "open", "--head", commit, "--as", AUTHOR)
    assert isinstance(said, dict)
    number = said["number"]
    assert isinstance(number, int)
    return number, commit


def test_opening_says_the_number_the_head_and_what_is_next(aurora: Aurora) -> None:
    commit = aurora.commit("docs/opening.md", "opening")
    said = told(
        aurora.instance.monorepo, "pr", "open", "--head", commit, "--as", AUTHOR, "--title", "Mine"
    )
    assert said.splitlines()[0].endswith(f"by {AUTHOR}: Mine")
    assert "next: turnpike gate --pr" in said


def test_a_review_is_shown_with_the_commit_that_it_is_of(aurora: Aurora) -> None:
    number, commit = opened(aurora, "reviewed")
    told(aurora.instance.monorepo, "pr", "review", str(number), "--approve", "--as", REVIEWER)
    shown = answered(aurora.instance.monorepo, "pr", "show", str(number))
    assert isinstance(shown, dict)
    reviews = shown["reviews"]
    assert isinstance(reviews, list)
    assert [(r["account"], r["state"], r["commit"]) for r in reviews if isinstance(r, dict)] == [
        (REVIEWER, "approved", commit)
    ]


def test_what_a_reviewer_looked_at_is_named_as_their_clone_or_the_host_knows_it(
    aurora: Aurora, tmp_path: Path
) -> None:
    number, commit = opened(aurora, "looked-at")
    review = ("pr", "review", str(number), "--approve", "--json", "--as", REVIEWER, "--commit")
    git(aurora.instance.monorepo, "tag", "looked-at", commit)
    assert json.loads(told(aurora.instance.monorepo, *review, "looked-at"))["commit"] == commit
    git(tmp_path, "clone", "-q", "--branch", "main", str(aurora.instance.host), "elsewhere")
    assert json.loads(told(tmp_path / "elsewhere", *review, commit))["commit"] == commit
    error = refused(tmp_path / "elsewhere", *review, "nowhere")
    assert error.code == "git.unknown-revision"


@pytest.mark.parametrize(
    "said", [(), ("--approve", "--dismiss"), ("--approve", "--request-changes")]
)
def test_nobody_approves_by_saying_nothing_or_two_things(
    aurora: Aurora, said: tuple[str, ...]
) -> None:
    number, _ = opened(aurora, f"unsaid-{len(said)}-{'-'.join(said)}")
    error = refused(aurora.instance.monorepo, "pr", "review", str(number), *said, "--as", REVIEWER)
    assert error.code == "input.usage"
    shown = answered(aurora.instance.monorepo, "pr", "show", str(number))
    assert isinstance(shown, dict)
    assert shown["reviews"] == []


def test_a_pushed_head_is_another_commit_and_is_vouched_for(aurora: Aurora) -> None:
    number, first = opened(aurora, "pushed")
    second = aurora.commit("docs/pushed.md", "again", first)  # type: ignore[arg-type]
    told(aurora.instance.monorepo, "pr", "push", str(number), "--head", second, "--as", AUTHOR)
    shown = answered(aurora.instance.monorepo, "pr", "show", str(number))
    assert isinstance(shown, dict)
    assert shown["head"] == second


def test_the_list_has_every_pull_request_with_its_state(aurora: Aurora) -> None:
    number, commit = opened(aurora, "listed")
    rows = answered(aurora.instance.monorepo, "pr", "list")
    assert isinstance(rows, list)
    mine = [row for row in rows if isinstance(row, dict) and row["number"] == number]
    assert [(row["state"], row["author"], row["head"]) for row in mine] == [
        ("open", AUTHOR, commit)
    ]


def test_a_title_that_a_terminal_would_obey_is_refused(aurora: Aurora) -> None:
    commit = aurora.commit("docs/title.md", "title")
    words = ("--head", commit, "--as", AUTHOR, "--title", "red \x1b[31m")
    assert "on one line" in refused(aurora.instance.monorepo, "pr", "open", *words).message


def test_a_number_that_nobody_opened_is_refused_with_a_next_step(aurora: Aurora) -> None:
    error = refused(aurora.instance.monorepo, "pr", "show", "9999")
    assert (error.exit_code, "9999" in error.message) == (2, True)
    assert error.solution


def test_somebody_whom_the_organisation_does_not_know_says_nothing(aurora: Aurora) -> None:
    number, _ = opened(aurora, "stranger")
    error = refused(
        aurora.instance.monorepo, "pr", "review", str(number), "--approve", "--as", "mallory"
    )
    assert error.code == "input.unknown-person"
