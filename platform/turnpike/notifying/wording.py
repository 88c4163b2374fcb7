"""Events as lines for people, not escaped: each sink escapes for where it is shown."""

from __future__ import annotations

from turnpike.judge.decision import Decision
from turnpike.manifest.release import Release

_VERDICTS = {"allow": "ALLOWED", "deny": "DENIED", "undecided": "UNDECIDED"}
_MOST = 3


def subjects_text(decision: Decision) -> str:
    """Return what a decision is about; its class where it names nothing."""
    first = decision.subjects[0] if decision.subjects else decision.change_class
    more = len(decision.subjects) - 1
    return f"{first} and {more} more" if more > 0 else first


def decided_text(decision: Decision) -> str:
    """Return verdict, subject, reasons and what is waited for."""
    reasons = [finding.code for finding in decision.findings[:_MOST]]
    left = len(decision.findings) - len(reasons)
    reasons += [f"{left} more"] if left > 0 else []
    line = f"{_VERDICTS[decision.verdict]}: {_change(decision)}"
    line += f": {', '.join(reasons)}" if reasons else ""
    waits = [f"{r.count - len(r.approved_by)} of {group_text(r.group)}"
             for r in decision.requirements if not r.is_met]  # fmt: skip
    return f"{line}; waits for {', '.join(waits)}" if waits else line


def group_text(group: str) -> str:
    """Return whom a requirement waits for; a path without an owner has nobody to wait for."""
    return f"@{group or '(nobody owns this)'}"


def merged_text(decision: Decision, merge: str) -> str:
    """Return what was merged, and as which commit."""
    return f"Merged: {_change(decision)}, as {merge[:12]}"


def release_text(deployment: str, release: Release | None, *, is_retired: bool) -> str:
    """Return what a deployment serves from now on."""
    if is_retired:
        return f"Retired: {deployment}"
    if release is None:
        return f"Released: {deployment}, in a form that cannot be read any more"
    return (
        f"Released: {deployment} version {release.version}"
        f" ({release.artifact[:19]}, traffic {release.traffic}%)"
    )


def _change(decision: Decision) -> str:
    number = decision.pull_request
    request = f" (pull request {number})" if number is not None else ""
    return f"{decision.change_class} {subjects_text(decision)}{request}"
