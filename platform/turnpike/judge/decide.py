"""Facts and OPA's answer to a decision.

The steps, in order (the numbers are those of the design):

0. the merge itself, 1. hygiene, 2. documents, 3. class of change, 4. evidence, 5. approvals,
6. derived files, 7. the queries that policies answer (``queries.py``), 8. the verdict.

Steps never depend on an earlier step's finding: a person is told everything at once. Only where
the change cannot be looked at (a conflict, hygiene, an unreadable document) are policies left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.documents.canonical import digest_of_document
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.judge.decision import Admission, Decision, Finding, Requirement, Verdict
from turnpike.judge.emergencies import debts_of
from turnpike.judge.facts import Facts
from turnpike.judge.owed_evidence import ends_of_owed_evidence
from turnpike.judge.plans import admitted_plans
from turnpike.judge.policy_input import Answer, Denial, Note, PolicyInput
from turnpike.judge.queries import queries_about
from turnpike.judge.requirements import APPROVALS_MISSING, code_of
from turnpike.judge.situation import Situation, situation_of
from turnpike.judge.subjects import FIXED_CLASSES, changed_models, subjects_of
from turnpike.judge.validity import valid_until
from turnpike.judge.waivers import denials_in, excuse_for, waived_in


def decide(facts: Facts, answer: Answer) -> Decision:
    """Return the decision on these facts; ``answer`` is OPA's to ``plan_queries(facts)``."""
    situation = situation_of(facts)
    return conclude(situation, queries_about(situation), answer)


def conclude(
    situation: Situation,
    queries: tuple[PolicyInput, ...],
    answer: Answer,
    digest: Digest | None = None,
) -> Decision:
    """Return the decision; ``answer`` is OPA's to the queries, ``queries_about(situation)``.

    ``digest`` is that of the facts, where it is known already.
    """
    facts = situation.facts
    doubts = _doubts(situation, queries, answer)
    findings = findings_against(situation, queries, answer)
    verdict = _verdict(findings, doubts)
    waived = waived_in(facts, queries, answer)
    return Decision(
        api_version="turnpike.dev/v1",
        kind="Decision",
        facts=digest or digest_of_document(facts),
        previous=facts.record.previous,
        genesis=facts.merge.genesis,
        base=facts.merge.base,
        head=facts.merge.head,
        merge_tree=facts.merge.merge_tree,
        pull_request=facts.pull_request.number if facts.pull_request else None,
        change_class=situation.change_class,
        subjects=subjects_of(facts),
        verdict=verdict,
        findings=findings,
        notes=_sorted((*situation.notes, *situation.hearing.notes, *_notes(queries, answer))),
        requirements=situation.requirements,
        evidence=tuple(witness.envelope for witness in situation.hearing.testimony),
        admitted=_admissions(facts) if verdict == "allow" else (),
        plans=admitted_plans(facts, situation.plans) if verdict == "allow" else (),
        waived=waived,
        debts=debts_of(facts, waived) if verdict == "allow" else (),
        decided_at=facts.clock,
        valid_until=valid_until(facts, queries, ends_of_owed_evidence(facts, situation.hearing)),
    )


def findings_against(
    situation: Situation, queries: tuple[PolicyInput, ...], answer: Answer
) -> tuple[Finding, ...]:
    """Return all that stands against a change, doubts included, sorted, each once."""
    return _sorted(
        (
            *_doubts(situation, queries, answer),
            *situation.standing,
            *_mixture(situation, answer),
            *_unmet(situation),
            *situation.reviews,
            *_denials(situation.facts, queries, answer),
        )
    )


def _doubts(
    situation: Situation, queries: tuple[PolicyInput, ...], answer: Answer
) -> tuple[Finding, ...]:
    return (*situation.doubts, *_answer_doubts(situation.facts, queries, answer))


def _verdict(findings: tuple[Finding, ...], doubts: tuple[Finding, ...]) -> Verdict:
    if doubts:
        return "undecided"
    return "deny" if findings else "allow"


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


def _mixture(situation: Situation, answer: Answer) -> tuple[Finding, ...]:
    """The core itself refuses a mixture of classes that no policy refuses."""
    changes = situation.facts.changes
    refused = any(result.denials for result in answer.results)
    if situation.change_class != "none" or not changes or refused:
        return ()
    return (
        Finding(
            code="change.mixed-classes",
            subject="the change",
            expected="paths of one class of change",
            actual=", ".join(sorted({c.path for c in changes})[:6]),
            message="A change may belong to one class only, so that one set of rules judges it.",
            solution="Open one pull request for each class; docs/architecture.md lists them.",
        ),
    )


def _unmet(situation: Situation) -> tuple[Finding, ...]:
    """Name what is unmet of what the core itself demands.

    That is every approval in the classes without policies, and segregation of duties in all.
    """
    fixed = situation.change_class in FIXED_CLASSES
    return tuple(
        _missing(one, code_of(one.reason))
        for one in situation.requirements
        if not one.is_met and (fixed or code_of(one.reason) != APPROVALS_MISSING)
    )


def _missing(one: Requirement, code: str) -> Finding:
    return Finding(
        code=code,
        subject=one.group or "nobody",
        expected=f"{one.count} of {one.group or 'an owner'} ({one.reason})",
        actual=f"{len(one.approved_by)}",
        message=f"Approval by {one.group or 'an owner'} is missing.",
        solution=f"Ask a member of {one.group or 'the platform owners'} for a review.",
    )


def _notes(queries: tuple[PolicyInput, ...], answer: Answer) -> Iterator[Finding]:
    """Yield what the rules tell beside their denials, each of its subject."""
    for query, result in zip(queries, answer.results, strict=False):
        yield from (_said_of(query, note) for note in result.notes)


def _denials(facts: Facts, queries: tuple[PolicyInput, ...], answer: Answer) -> tuple[Finding, ...]:
    return tuple(
        _said_of(query, denial)
        for query, denial in denials_in(queries, answer)
        if excuse_for(facts, query, denial) is None
    )


def _said_of(query: PolicyInput, said: Denial | Note) -> Finding:
    return Finding(
        code=said.code,
        subject=query.subject.id,
        expected=said.expected,
        actual=said.actual,
        message=said.message,
        solution=said.solution,
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
