"""Decisions and outcomes as the statements that the gate signs."""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.documents.document import Part
from turnpike.evidence.predicates import Outcome
from turnpike.evidence.statement import DECISION, OUTCOME, STATEMENT_TYPE, Statement, Subject
from turnpike.judge.decision import Decision


def statement_of_decision(decision: Decision) -> Statement:
    """Return the statement whose predicate is the decision, about its head and merge tree."""
    subjects = [Subject(name="head", digest={"gitCommit": decision.head})]
    if decision.merge_tree is not None:
        subjects.append(Subject(name="merge", digest={"gitTree": decision.merge_tree}))
    return _statement(tuple(subjects), DECISION, decision)


def statement_of_outcome(outcome: Outcome) -> Statement:
    """Return the statement about a decision that was carried out by a merge commit."""
    decision = outcome.decision.removeprefix("sha256:")
    subjects = (
        Subject(name="decision", digest={"sha256": decision}),
        Subject(name="merge", digest={"gitCommit": outcome.merge}),
    )
    return _statement(subjects, OUTCOME, outcome)


def _statement(subjects: tuple[Subject, ...], kind: str, said: Part) -> Statement:
    predicate: dict[str, JsonValue] = said.model_dump(mode="json", by_alias=True)
    return Statement(
        type=STATEMENT_TYPE, subject=subjects, predicate_type=kind, predicate=predicate
    )
