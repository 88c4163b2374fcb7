"""What might turn a denial into an allow, from the findings against one situation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from turnpike.explain.approvers import Approvers, missing_approvals
from turnpike.explain.core_remedies import Option, content_of, core_options
from turnpike.judge.decide import findings_against
from turnpike.judge.decision import Finding
from turnpike.judge.hypothesis import Hypothesis, Supposed
from turnpike.judge.policy_input import Answer
from turnpike.judge.queries import CHANGE
from turnpike.judge.remedy import ApprovalRemedy, ClassRemedy, ContentRemedy, KeepRemedy
from turnpike.judge.requirements import APPROVALS_MISSING, CODES
from turnpike.judge.waivers import UNAPPROVED

_NARROWING = ClassRemedy | KeepRemedy


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding that stands against a situation, and the options that would take it away."""

    finding: Finding
    options: tuple[Option, ...]

    def from_rank(self, rank: int) -> tuple[Option, ...]:
        """Return the options, the one of that rank (or the last there is) first."""
        first = min(rank, len(self.options) - 1)
        return (*self.options[first:], *self.options[: max(first, 0)]) if self.options else ()

    @property
    def narrows(self) -> bool:
        """Tell whether the change must lose files, with which other reasons may go as well."""
        return any(isinstance(one.remedy, _NARROWING) for option in self.options for one in option)


def reasons_against(
    hypothesis: Hypothesis, answer: Answer, settled: frozenset[tuple[str, str, str]]
) -> tuple[Reason, ...]:
    """Return every reason against a situation, but for the findings that are taken as settled."""
    named = dict(_named_by_rules(hypothesis, answer))
    approvers = missing_approvals(hypothesis.situation)
    facts = hypothesis.situation.facts
    reasons = []
    for finding in unsettled(hypothesis, answer, settled):
        options = named.get(_place(finding)) or core_options(finding, facts)
        if _asks_approval(finding, options):
            options = _approvals(finding, options, approvers)
        reasons.append(Reason(finding, options))
    return tuple(reasons)


def unsettled(
    hypothesis: Hypothesis, answer: Answer, settled: frozenset[tuple[str, str, str]]
) -> tuple[Finding, ...]:
    """Return what stands against a situation, but for the findings that are taken as settled."""
    found = findings_against(hypothesis.situation, hypothesis.queries, answer)
    return tuple(finding for finding in found if _place(finding) not in settled)


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.subject, finding.expected


def _named_by_rules(
    hypothesis: Hypothesis, answer: Answer
) -> Iterator[tuple[tuple[str, str, str], tuple[Option, ...]]]:
    for query, result in zip(hypothesis.queries, answer.results, strict=True):
        for denial in result.denials:
            options = (
                tuple(Supposed(query.subject, remedy) for remedy in option)
                for option in denial.remedies
            )
            found = denial.code, query.subject.id, denial.expected
            yield found, tuple(option for option in options if option)


def _asks_approval(finding: Finding, options: tuple[Option, ...]) -> bool:
    if finding.code == UNAPPROVED:  # one person's word, whatever the requirements ask for
        return False
    is_core = finding.code in {APPROVALS_MISSING, *CODES.values()}
    return is_core or any(
        isinstance(o.remedy, ApprovalRemedy) for option in options for o in option
    )


def _approvals(
    finding: Finding, options: tuple[Option, ...], approvers: Approvers
) -> tuple[Option, ...]:
    """Return the approvals of people who are there; else that there are too few of them."""
    remedies = [one.remedy for option in options for one in option]
    groups = {one.group for one in remedies if isinstance(one, ApprovalRemedy)}
    short = [approvers.short[g] for g in groups or {finding.subject} if g in approvers.short]
    if short:
        return ((content_of(finding, short[0]),),)
    return (tuple(Supposed(CHANGE, one) for one in approvers.approvals),)


def settled_by(supposed: Iterable[Supposed]) -> frozenset[tuple[str, str, str]]:
    """Return the findings that only the author of the change can settle, taken as settled."""
    contents = (one.remedy for one in supposed if isinstance(one.remedy, ContentRemedy))
    return frozenset((one.code, one.subject, one.expected) for one in contents)
