from __future__ import annotations

import pytest

from turnpike.evidence.statement import OUTCOME, SCAN, Statement, Subject, statement_about
from turnpike.judge.decision import Admission, ChangeClass
from turnpike.record import layout
from turnpike.record.statements import statement_of_decision
from unit.record.decisions import ARTIFACT, COMMIT, DIGEST, NAME, NOW, new_decision


def test_an_entry_stands_below_the_first_two_digits_of_its_digest() -> None:
    assert layout.path_of("facts", DIGEST) == f"facts/{NAME[:2]}/{NAME}.json"


def test_a_statement_is_found_by_each_artifact_that_it_is_about() -> None:
    statement = statement_about("m", ARTIFACT, SCAN, {})
    hexes = ARTIFACT.removeprefix("sha256:")
    assert layout.index_paths(DIGEST, statement) == {f"index/artifacts/{hexes[:2]}/{hexes}/{NAME}"}


@pytest.mark.parametrize("hexes", ["", "../../tip", "ab", "A" * 64, "a" * 63 + "/"])
def test_a_subject_that_is_no_digest_gives_no_path(hexes: str) -> None:
    statement = statement_about("m", ARTIFACT, SCAN, {})
    odd = statement.model_copy(update={"subject": (Subject(name="m", digest={"sha256": hexes}),)})
    assert layout.index_paths(DIGEST, odd) == frozenset()


def test_an_outcome_is_found_by_the_decision_that_it_names() -> None:
    subject = (Subject(name="main", digest={"gitCommit": COMMIT}),)
    statement = Statement(
        type="https://in-toto.io/Statement/v1",
        subject=subject,
        predicate_type=OUTCOME,
        predicate={"decision": DIGEST, "merge": COMMIT},
    )
    assert layout.index_paths(DIGEST, statement) == {f"index/outcomes/{NAME[:2]}/{NAME}/{NAME}"}


@pytest.mark.parametrize(
    ("change_class", "subjects", "models"),
    [
        ("model", ("oncology/tumour",), {"oncology/tumour"}),
        ("release", ("dev/eu/oncology/tumour",), {"oncology/tumour"}),
        ("render", ("dev/eu/a/b", "prod/us/a/b", "dev/eu/c/d"), {"a/b", "c/d"}),
        ("policy", ("policies/keys",), set()),
        ("model", ("../..",), set()),
        ("model", ("a/b/c",), set()),
    ],
)
def test_a_decision_is_found_by_the_models_that_it_is_about(
    change_class: ChangeClass, subjects: tuple[str, ...], models: set[str]
) -> None:
    assert layout.models_of(new_decision(change_class, subjects)) == models


def test_a_decision_is_found_by_what_it_admits() -> None:
    admitted = Admission(
        team="oncology", model="tumour", version="1", artifact=ARTIFACT, manifest=COMMIT
    )
    assert layout.models_of(new_decision("genesis", (), (admitted,))) == {"oncology/tumour"}


def test_a_decision_is_read_from_its_statement_as_it_was_made() -> None:
    decision = new_decision("model", ("oncology/tumour",))
    assert layout.decision_in(statement_of_decision(decision)) == decision


def test_a_predicate_of_another_shape_is_no_decision() -> None:
    statement = statement_of_decision(new_decision("model", ()))
    assert layout.decision_in(statement.model_copy(update={"predicate": {"kind": "x"}})) is None
    assert layout.decision_in(statement_about("m", ARTIFACT, SCAN, {})) is None


def test_a_tip_counts_decisions_and_is_read_back() -> None:
    tip = layout.START.after(DIGEST, new_decision("model", ()))
    assert (tip.sequence, tip.decision, tip.clock) == (1, DIGEST, NOW)
    assert layout.TIP.validate_json(tip.content()) == tip
