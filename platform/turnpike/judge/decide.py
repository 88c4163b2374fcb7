"""Facts and OPA's answer to a decision.

The steps, in order (the numbers are those of the design):

0. the merge itself, 1. hygiene, 2. documents, 3. class of change, 4. evidence, 5. approvals,
6. derived files, 7. the queries that policies answer (``queries.py``), 8. the verdict.

Steps never depend on an earlier step's finding: a person is told everything at once. Only where
the change cannot be looked at (a conflict, hygiene, an unreadable document) are policies left out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from turnpike.documents.canonical import digest_of_document
from turnpike.documents.identifiers import ObjectId
from turnpike.judge.consistency import consistency
from turnpike.judge.decision import Admission, ChangeClass, Decision, Finding, Verdict
from turnpike.judge.derivation import derivation
from turnpike.judge.facts import Facts
from turnpike.judge.hygiene import hygiene
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.judge.queries import plan_queries
from turnpike.judge.requirements import requirements_of, review_findings, review_notes
from turnpike.judge.subjects import (
    FIXED_CLASSES,
    changed_models,
    class_of_change,
    subjects_of,
)
from turnpike.judge.testimony import hear

LONGEST_VALIDITY = timedelta(minutes=10)


def decide(facts: Facts, answer: Answer) -> Decision:
    """Return the decision on these facts; ``answer`` is OPA's to ``plan_queries(facts)``."""
    change_class = class_of_change(facts)
    queries = plan_queries(facts)
    doubts = (*_clock_doubts(facts), *_answer_doubts(facts, queries, answer))
    findings = (
        *doubts,
        *hygiene(facts, change_class),
        *consistency(facts),
        *_mixture(facts, change_class, answer),
        *_broken_policies(facts),
        *derivation(facts, change_class),
        *_unmet(facts, change_class),
        *review_findings(facts, change_class),
        *_denials(queries, answer),
    )
    verdict = _verdict(findings, doubts)
    hearing = hear(facts)
    return Decision(
        api_version="turnpike.dev/v1",
        kind="Decision",
        facts=digest_of_document(facts),
        previous=facts.record.previous,
        genesis=facts.merge.genesis,
        base=facts.merge.base,
        head=facts.merge.head,
        merge_tree=facts.merge.merge_tree,
        pull_request=facts.pull_request.number if facts.pull_request else None,
        change_class=change_class,
        subjects=subjects_of(facts),
        verdict=verdict,
        findings=_sorted(findings),
        notes=_sorted((*review_notes(facts), *hearing.notes)),
        requirements=requirements_of(facts, change_class),
        evidence=tuple(witness.envelope for witness in hearing.testimony),
        admitted=_admissions(facts) if verdict == "allow" else (),
        decided_at=facts.clock,
        valid_until=_valid_until(facts),
    )


def _verdict(findings: tuple[Finding, ...], doubts: tuple[Finding, ...]) -> Verdict:
    if doubts:
        return "undecided"
    return "deny" if findings else "allow"


def _clock_doubts(facts: Facts) -> tuple[Finding, ...]:
    last = facts.record.last_clock
    if last is None or facts.clock >= last:
        return ()
    return (
        Finding(
            code="clock.backwards",
            subject="clock",
            expected=f"a time not before the last decision, {last.isoformat()}",
            actual=facts.clock.isoformat(),
            message="This machine's clock stands earlier than the record's last entry.",
            solution="Set the clock right, then decide again.",
        ),
    )


def _answer_doubts(
    facts: Facts, queries: tuple[PolicyInput, ...], answer: Answer
) -> tuple[Finding, ...]:
    """A rule that did not answer is no rule that allows."""
    wanted = facts.tools.rules
    if len(answer.results) == len(queries):
        silent = {r for result in answer.results for r in set(wanted) ^ set(result.rules)}
    else:
        silent = set(wanted)
    return tuple(_silent(rule) for rule in sorted(silent))


def _silent(rule: str) -> Finding:
    return Finding(
        code="policy.not-evaluated",
        subject=rule,
        expected="an answer of every rule in policies/ on main, for every subject",
        actual="none, or one of an unknown rule",
        message=f"The rule {rule} did not answer.",
        solution="Decide again; if it stays so, test the rule with `turnpike policy test`.",
    )


def _mixture(facts: Facts, change_class: ChangeClass, answer: Answer) -> tuple[Finding, ...]:
    """The core itself refuses a mixture of classes that no policy refuses."""
    refused = any(result.denials for result in answer.results)
    if change_class != "none" or not facts.changes or refused:
        return ()
    return (
        Finding(
            code="change.mixed-classes",
            subject="the change",
            expected="paths of one class of change",
            actual=", ".join(sorted({c.path for c in facts.changes})[:6]),
            message="A change may belong to one class only, so that one set of rules judges it.",
            solution="Open one pull request for each class; docs/architecture.md lists them.",
        ),
    )


def _broken_policies(facts: Facts) -> tuple[Finding, ...]:
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


def _unmet(facts: Facts, change_class: ChangeClass) -> tuple[Finding, ...]:
    """For the classes without policies the core itself demands each approval."""
    if change_class not in FIXED_CLASSES:
        return ()
    return tuple(
        Finding(
            code="approvals-missing",
            subject=one.group or "nobody",
            expected=f"{one.count} of {one.group or 'an owner'} ({one.reason})",
            actual=f"{len(one.approved_by)}",
            message=f"Approval by {one.group or 'an owner'} is missing.",
            solution=f"Ask a member of {one.group or 'the platform owners'} for a review.",
        )
        for one in requirements_of(facts, change_class)
        if not one.is_met
    )


def _denials(queries: tuple[PolicyInput, ...], answer: Answer) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code=denial.code,
            subject=query.subject.id,
            expected=denial.expected,
            actual=denial.actual,
            message=denial.message,
            solution=denial.solution,
        )
        for query, result in zip(queries, answer.results, strict=False)
        for denial in result.denials
    )


def _sorted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (f.code, f.subject, f.expected, f.actual)))


def _admissions(facts: Facts) -> tuple[Admission, ...]:
    admitted = []
    for key in changed_models(facts):
        model = facts.head.models.get(key.manifest_path)
        blob = _blob_at(facts, key.manifest_path)
        if model is None or model.artifact is None or blob is None:
            continue
        admitted.append(
            Admission(
                team=key.team,
                model=key.model,
                version=model.artifact.version,
                artifact=model.artifact.digest,
                manifest=blob,
            )
        )
    return tuple(admitted)


def _blob_at(facts: Facts, path: str) -> ObjectId | None:
    matches = [change.new.object for change in facts.changes if change.path == path and change.new]
    return matches[0] if matches else None


def _valid_until(facts: Facts) -> datetime:
    """Return the earliest moment at which something that was relied on can change."""
    ends = [facts.clock + LONGEST_VALIDITY]
    for key in facts.keys:
        ends += [end for end in (key.valid_until, key.revoked_at) if end and end > facts.clock]
    return min(ends)
