"""Step 2 for who decides: an organisation and a CODEOWNERS file that say what they seem to say."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.approvals.dialects import LOCATIONS
from turnpike.approvals.identity import contradictions
from turnpike.approvals.lint import Finding as Flaw
from turnpike.approvals.lint import Subject, lint
from turnpike.judge.arrangement import is_reowned
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Documents, Facts
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.topology.organisation import Organisation


def ownership(facts: Facts) -> tuple[Finding, ...]:
    """Return what stands against a change of the organisation or of CODEOWNERS."""
    return (*_removed(facts), *_contradictions(facts), *_flaws(facts))


def _removed(facts: Facts) -> Iterator[Finding]:
    if any(change.path == ORGANISATION_PATH and change.new is None for change in facts.changes):
        yield Finding(
            code="organisation.removed",
            subject=ORGANISATION_PATH,
            expected="the file, by which everybody is known",
            actual="its deletion",
            message="Without the organisation nobody could approve anything.",
            solution="Keep the file.",
        )


def _contradictions(facts: Facts) -> Iterator[Finding]:
    organisation = facts.head.organisation
    for problem in contradictions(organisation) if organisation else ():
        yield Finding(
            code="organisation.contradicts-itself",
            subject=f"{ORGANISATION_PATH}: {problem.field}",
            expected=problem.expected,
            actual=problem.actual,
            message="After this change it would not be clear who is who.",
            solution=f"Correct {problem.field}.",
        )


def _flaws(facts: Facts) -> Iterator[Finding]:
    """A change of CODEOWNERS answers for the whole file, another for what is new by it."""
    if not is_reowned(facts) and facts.head.organisation is None:
        return
    after = facts.head.organisation or facts.base.organisation
    if after is None:
        return
    old: set[Flaw] = set()
    if not any(change.path in LOCATIONS for change in facts.changes) and facts.base.organisation:
        old = set(lint(_subject(facts.base, facts.base.organisation)))
    for flaw in lint(_subject(facts.head, after)):
        if flaw not in old:
            yield _finding(flaw)


def _subject(side: Documents, organisation: Organisation) -> Subject:
    files = dict(side.other_codeowners)
    if side.codeowners is not None:
        files[side.codeowners_path or "CODEOWNERS"] = side.codeowners
    return Subject(organisation.codeowners_dialect, files, organisation)


def _finding(flaw: Flaw) -> Finding:
    return Finding(
        code=flaw.code,
        subject=f"{flaw.file}:{flaw.line}",
        expected=flaw.expected,
        actual=flaw.actual,
        message=f"{flaw.file} would not say what it seems to say.",
        solution=f"{flaw.solution} `turnpike codeowners --lint` finds the same in a checkout.",
    )
