"""Which denials are taken away by a waiver on main, and which waivers a change may bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from turnpike.judge.decision import Finding, Waived
from turnpike.judge.emergencies import ROLLBACK, author_of, debt_due
from turnpike.judge.facts import Facts
from turnpike.judge.layout import waiver_of
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectInput
from turnpike.manifest.release import Emergency
from turnpike.topology.waiver import Waiver

UNAPPROVED = "waiver.unapproved"
"""Stands against a waiver that whoever answers for it has not approved."""


def denials_in(
    queries: tuple[PolicyInput, ...], answer: Answer
) -> Iterator[tuple[PolicyInput, Denial]]:
    """Yield every denial of an answer with the query that it answers."""
    for query, result in zip(queries, answer.results, strict=False):
        yield from ((query, denial) for denial in result.denials)


@dataclass(frozen=True, slots=True)
class Excuse:
    """What takes a denial away: a waiver, an emergency or a rollback, and who answers for it."""

    name: str
    reason: str
    approver: str
    expires_at: datetime


def excuse_for(facts: Facts, query: PolicyInput, denial: Denial) -> Excuse | None:
    """Return what takes a denial away, where its rule yields to that; a waiver before all else."""
    waiver = _waiver_for(facts, query.subject, denial) if "waiver" in denial.yields_to else None
    if waiver is not None:
        return Excuse(waiver.name, waiver.reason, waiver.approver, waiver.expires_at)
    emergency = _emergency_of(query) if "emergency" in denial.yields_to else None
    if emergency is not None:
        name = f"emergency {emergency.incident}"
        return Excuse(name, emergency.reason, emergency.commander, emergency.expires_at)
    if "rollback" in denial.yields_to and query.deployment and query.deployment.rollback:
        return Excuse(
            ROLLBACK, "nobody is held on a bad version", author_of(facts), debt_due(facts)
        )
    return None


def _waiver_for(facts: Facts, subject: SubjectInput, denial: Denial) -> Waiver | None:
    """Return the waiver on main that fits and lasts longest.

    A deployment is excused by its own waivers and by its model's.
    """
    names = {subject.id, f"{subject.team}/{subject.model}"}
    fitting = [
        waiver
        for waiver in facts.base.waivers.values()
        if any(waiver.excuses(denial.code, name, facts.clock) for name in names)
    ]
    return max(fitting, key=lambda waiver: (waiver.expires_at, waiver.name), default=None)


def _emergency_of(query: PolicyInput) -> Emergency | None:
    """Return the emergency by which a release moves; one that is wrong is refused elsewhere."""
    deployment = query.deployment
    return deployment.release.emergency if deployment and deployment.movement else None


def waived_in(facts: Facts, queries: tuple[PolicyInput, ...], answer: Answer) -> tuple[Waived, ...]:
    """Return what waivers and emergencies took away, sorted, each once."""
    found = {
        Waived(
            code=denial.code,
            subject=query.subject.id,
            expected=denial.expected,
            actual=denial.actual,
            waiver=excuse.name,
            reason=excuse.reason,
            approver=excuse.approver,
            expires_at=excuse.expires_at,
        )
        for query, denial in denials_in(queries, answer)
        if (excuse := excuse_for(facts, query, denial))
    }
    return tuple(sorted(found, key=lambda one: (one.code, one.subject, one.expected, one.actual)))


def waiver_findings(facts: Facts, approving: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the waivers that a change brings; ``approving`` are who approve."""
    brought = {waiver_of(change.path) for change in facts.changes if change.new}
    for name, waiver in facts.head.waivers.items():
        if name not in brought:
            continue
        path = f"policies/waivers/{name}.yaml"
        if waiver.name != name:
            yield _finding("document.path-and-name-disagree", path, f"name: {name}", waiver.name)
        if waiver.expires_at <= facts.clock:
            wanted = f"expiresAt: a time after {facts.clock.isoformat()}"
            yield _finding("waiver.expired", path, wanted, waiver.expires_at.isoformat())
        if waiver.code not in facts.tools.waivable:
            wanted = (
                f"code: one that yields to a waiver: {', '.join(facts.tools.waivable) or 'none'}"
            )
            yield _finding("waiver.unknown-code", path, wanted, waiver.code)
        for wanted, found in _unknown_in(facts, waiver.subject):
            yield _finding("waiver.unknown-subject", path, f"subject: {wanted}", found)
        if waiver.approver not in approving:
            wanted = f"an approval by {waiver.approver}, who answers for it"
            given = ", ".join(sorted(approving)) or "nobody's"
            yield _finding(UNAPPROVED, path, wanted, given)


def _unknown_in(facts: Facts, subject: str) -> Iterator[tuple[str, str]]:
    """Yield what a waiver's subject names that nothing is called: expected, and found."""
    forms = "TEAM/MODEL, ENVIRONMENT/TARGET/TEAM/MODEL or terraform/environments/ENVIRONMENT/CLOUD"
    parts = subject.split("/")
    is_root = parts[:2] == ["terraform", "environments"]
    if len(parts) not in (2, 4):
        yield forms, subject
        return
    names = sorted(facts.base.environments)
    environment = parts[2] if is_root else parts[0]
    if len(parts) == 4 and environment not in names:
        yield f"one of the environments {', '.join(names) or 'none'}", environment
    organisation = facts.base.organisation
    teams = sorted(team.name for team in organisation.teams) if organisation else []
    if not is_root and parts[-2] not in teams:
        yield f"one of the teams {', '.join(teams) or 'none'}", parts[-2]


def _finding(code: str, path: str, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=path,
        expected=expected,
        actual=actual,
        message=f"{path} cannot excuse anything as it stands.",
        solution="Correct the waiver, or ask its approver for a review of the head.",
    )
