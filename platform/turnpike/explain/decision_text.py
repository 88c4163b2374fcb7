"""A decision as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.explain.escape import for_terminal
from turnpike.judge.decision import Decision, Finding, Requirement

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
    for note in decision.notes:
        yield f"  note  {for_terminal(f'{note.code}: {note.subject}: {note.actual}')}"


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
