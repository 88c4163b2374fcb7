from __future__ import annotations

from datetime import UTC, datetime

from turnpike.documents.canonical import canonical
from turnpike.evidence.predicates import OUTCOME_RESULT, Outcome
from turnpike.evidence.statement import DECISION, ISSUED_BY, OUTCOME
from turnpike.record.statements import statement_of_decision, statement_of_outcome
from unit.record.decisions import COMMIT, DIGEST, new_decision


def test_a_decision_is_about_its_head_and_its_merge_tree() -> None:
    statement = statement_of_decision(new_decision("model", ()))
    assert [s.digest for s in statement.subject] == [{"gitCommit": COMMIT}, {"gitTree": COMMIT}]
    assert ISSUED_BY[statement.predicate_type] == "gate"
    assert statement.predicate_type == DECISION


def test_a_decision_on_a_conflict_is_about_its_head_alone() -> None:
    conflict = new_decision("model", ()).model_copy(update={"merge_tree": None})
    assert len(statement_of_decision(conflict).subject) == 1


def test_an_outcome_names_its_decision_and_its_merge() -> None:
    outcome = Outcome(decision=DIGEST, merge=COMMIT, finished_at=datetime(2026, 3, 2, tzinfo=UTC))
    statement = statement_of_outcome(outcome)
    assert statement.predicate_type == OUTCOME
    assert statement.is_about(DIGEST)
    assert OUTCOME_RESULT.validate_json(canonical(statement.predicate)) == outcome
