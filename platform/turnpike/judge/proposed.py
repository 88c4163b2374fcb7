"""What a change of policies is told: whether they could judge, and what they make of the past."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts, Past, PastDifference


def broken_policies(facts: Facts) -> tuple[Finding, ...]:
    """Policies that do not compile or fail their own tests would block their own repair."""
    proposed = facts.proposed_policies
    return tuple(
        Finding(
            code="policy.broken",
            subject="policies/",
            expected="policies that compile strictly and pass their own tests",
            actual=problem,
            message="After this change the policies could not judge.",
            solution="Mend what `turnpike policy test` names in a checkout of the change.",
        )
        for problem in (proposed.problems if proposed else ())
    )


def past_notes(facts: Facts) -> tuple[Finding, ...]:
    """Return how decisions on the record would have ended: for the owners who approve, no more."""
    proposed = facts.proposed_policies
    return tuple(_notes_on(proposed.past)) if proposed and proposed.past else ()


def _notes_on(past: Past) -> Iterator[Finding]:
    yield Finding(
        code="policy.past-decided-again",
        subject="turnpike/record",
        expected=f"the newest {past.compared + past.unread} decisions that asked the policies",
        actual=f"{past.compared} decided again, {len(past.differences)} of them otherwise,"
        f" {past.unread} could not be read",
        message="Past facts were decided again under the proposed policies.",
        solution="Approve only if each difference is meant.",
    )
    yield from map(_difference, past.differences)


def _difference(one: PastDifference) -> Finding:
    return Finding(
        code="policy.past-differs",
        subject=", ".join(one.subjects[:3]) or one.decision,
        expected=f"as main's policies decide {one.decision}: {one.before}",
        actual=one.after,
        message="Under the proposed policies this decision would have been another.",
        solution="Approve only if that is meant.",
    )
