"""A decision as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from turnpike.explain.escape import for_terminal
from turnpike.judge.decision import Debt, Decision, Finding, Requirement, Waived

_HEADLINES = {
    "allow": "ALLOWED",
    "deny": "DENIED",
    "undecided": "COULD NOT DECIDE (this blocks as well)",
}


def decision_lines(decision: Decision) -> Iterator[str]:
    """Yield a decision: the verdict, each finding with its next step, the approvals."""
    subjects = ", ".join(decision.subjects[:3]) or "nothing"
    more = f" and {len(decision.subjects) - 3} more" if len(decision.subjects) > 3 else ""
    count = len(decision.findings)
    reasons = f", {count} {'reason' if count == 1 else 'reasons'}" if count else ""
    headline = _HEADLINES[decision.verdict]
    subject = for_terminal(subjects)
    yield f"{headline}{reasons}: change of class {decision.change_class}, {subject}{more}"
    for number, finding in enumerate(decision.findings, start=1):
        yield from finding_lines(number, finding)
    for requirement in decision.requirements:
        yield _requirement_line(requirement)
    for one in decision.waived:
        yield f"  waived  {for_terminal(waived_text(one))}"
    for debt in decision.debts:
        yield f"  owes    {for_terminal(debt_text(debt))}"
    for note in decision.notes:
        yield f"  note  {for_terminal(f'{note.code}: {note.subject}: {note.actual}')}"


def waived_text(one: Waived) -> str:
    """Return what was taken away, by which waiver, who answers for it and until when."""
    until = one.expires_at.astimezone(UTC)
    return (
        f"{one.code}: {one.subject}: by {one.waiver} of {one.approver} until"
        f" {until:%Y-%m-%d %H:%M} UTC ({one.reason})"
    )


def debt_text(debt: Debt) -> str:
    """Return what is owed after an emergency, by whom and until when."""
    due = f"{debt.due.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{debt.team} the review of {debt.incident} in {debt.deployment} by {due}"


def finding_lines(number: int, finding: Finding) -> Iterator[str]:
    """Yield one finding: code and subject, the message, expected, found and the next step."""
    yield f"{number:3}. {for_terminal(finding.code)}  {for_terminal(finding.subject)}"
    yield f"       {for_terminal(finding.message)}"
    yield f"       expected  {for_terminal(finding.expected)}"
    yield f"       found     {for_terminal(finding.actual)}"
    yield f"       next      {for_terminal(finding.solution)}"


def _requirement_line(requirement: Requirement) -> str:
    mark = "ok   " if requirement.is_met else "needs"
    given = ", ".join(requirement.approved_by) or "nobody yet"
    return (
        f"  {mark} {requirement.count} of @{requirement.group or '(nobody owns this)'}: {given}"
        f"  [{for_terminal(requirement.reason)}]"
    )
