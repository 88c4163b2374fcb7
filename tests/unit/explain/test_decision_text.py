"""A decision as people read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.explain.decision_text import decision_lines, finding_lines
from turnpike.judge.decision import Decision, Finding, Requirement
from unit.judge.examples import BASE, HEAD, NOW, TREE, object_id

FINDING = Finding(
    code="approvals-missing",
    subject="change",
    expected="1 of oncology",
    actual="0",
    message="Approval by oncology is missing.",
    solution="Ask a member of oncology.",
)


def decision(**changes: object) -> Decision:
    fields: dict[str, object] = {
        "api_version": "turnpike.dev/v1",
        "kind": "Decision",
        "facts": digest_of(b"facts"),
        "previous": None,
        "genesis": object_id("genesis"),
        "base": BASE,
        "head": HEAD,
        "merge_tree": TREE,
        "pull_request": 1,
        "change_class": "model",
        "subjects": ("oncology/triage",),
        "verdict": "allow",
        "findings": (),
        "notes": (),
        "requirements": (),
        "evidence": (),
        "admitted": (),
        "decided_at": NOW,
        "valid_until": NOW + timedelta(minutes=10),
    }
    return Decision.model_validate(fields | changes)


def text(**changes: object) -> str:
    return "\n".join(decision_lines(decision(**changes)))


@pytest.mark.parametrize(
    ("verdict", "headline"),
    [
        ("allow", "ALLOWED: change of class model, oncology/triage"),
        ("deny", "DENIED: change of class model, oncology/triage"),
        ("undecided", "COULD NOT DECIDE (this blocks as well): change of class model"),
    ],
)
def test_the_first_line_says_the_verdict_and_what_it_is_about(verdict: str, headline: str) -> None:
    assert text(verdict=verdict).startswith(headline)


def test_each_reason_is_counted_and_told_with_its_next_step() -> None:
    one = text(verdict="deny", findings=(FINDING,))
    assert one.startswith("DENIED, 1 reason:")
    for part in ("approvals-missing", "1 of oncology", "found     0", "next      Ask a member"):
        assert part in one
    assert text(verdict="deny", findings=(FINDING, FINDING)).startswith("DENIED, 2 reasons:")


def test_what_still_needs_whom_is_told() -> None:
    need = Requirement(group="oncology", count=2, reason="line 3", approved_by=("tom",))
    assert "needs 2 of @oncology: tom  [line 3]" in text(requirements=(need,))
    met = need.model_copy(update={"count": 1})
    assert "ok    1 of @oncology: tom" in text(requirements=(met,))
    unowned = Requirement(group="", count=1, reason="no owner", approved_by=())
    assert "@(nobody owns this): nobody yet" in text(requirements=(unowned,))


def test_long_lists_of_subjects_are_cut_and_counted() -> None:
    said = text(subjects=("a", "b", "c", "d", "e"))
    assert "a, b, c and 2 more" in said
    assert "nothing" in text(subjects=())


def test_notes_tell_what_did_not_count() -> None:
    note = FINDING.model_copy(update={"code": "approval.stale", "actual": "an older head"})
    assert "note  approval.stale: change: an older head" in text(notes=(note,))


def test_nothing_that_a_change_brings_reaches_the_terminal_as_a_command() -> None:
    hostile = "\x1b[2J\u202eallow\nALLOWED"
    finding = Finding.model_validate(dict.fromkeys(Finding.model_fields, hostile))
    need = Requirement(group="g", count=1, reason=hostile, approved_by=())
    lines = list(
        decision_lines(
            decision(
                verdict="deny",
                subjects=(hostile,),
                findings=(finding,),
                notes=(finding,),
                requirements=(need,),
            )
        )
    )
    shown = "".join(lines)
    assert not {"\x1b", "\u202e", "\n"} & set(shown)
    assert not any(line.startswith("ALLOWED") for line in lines)


def test_findings_are_numbered() -> None:
    assert next(finding_lines(7, FINDING)).startswith("  7. approvals-missing")
