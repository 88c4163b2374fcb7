from __future__ import annotations

from datetime import UTC, datetime

import pytest

from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.evidence.statement import OUTCOME, SCAN, Statement, Subject, statement_about
from turnpike.judge.decision import Admission, ChangeClass, Decision
from turnpike.record import layout
from turnpike.record.statements import statement_of_decision

DIGEST = digest_of(b"envelope")
NAME = DIGEST.removeprefix("sha256:")
ARTIFACT = digest_of(b"artifact")
COMMIT = ObjectId("a" * 40)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _decision(
    change_class: ChangeClass, subjects: tuple[str, ...], admitted: tuple[Admission, ...] = ()
) -> Decision:
    return Decision(
        api_version="turnpike.dev/v1",
        kind="Decision",
        facts=digest_of(b"facts"),
        previous=None,
        genesis=COMMIT,
        base=COMMIT,
        head=COMMIT,
        merge_tree=COMMIT,
        pull_request=1,
        change_class=change_class,
        subjects=subjects,
        verdict="allow",
        findings=(),
        notes=(),
        requirements=(),
        evidence=(),
        admitted=admitted,
        decided_at=NOW,
        valid_until=NOW,
    )


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
    assert layout.models_of(_decision(change_class, subjects)) == models


def test_a_decision_is_found_by_what_it_admits() -> None:
    admitted = Admission(
        team="oncology", model="tumour", version="1", artifact=ARTIFACT, manifest=COMMIT
    )
    assert layout.models_of(_decision("genesis", (), (admitted,))) == {"oncology/tumour"}


def test_a_decision_is_read_from_its_statement_as_it_was_made() -> None:
    decision = _decision("model", ("oncology/tumour",))
    assert layout.decision_in(statement_of_decision(decision)) == decision


def test_a_predicate_of_another_shape_is_no_decision() -> None:
    statement = statement_of_decision(_decision("model", ()))
    assert layout.decision_in(statement.model_copy(update={"predicate": {"kind": "x"}})) is None
    assert layout.decision_in(statement_about("m", ARTIFACT, SCAN, {})) is None


def test_a_tip_counts_decisions_and_is_read_back() -> None:
    tip = layout.START.after(DIGEST, _decision("model", ()))
    assert (tip.sequence, tip.decision, tip.clock) == (1, DIGEST, NOW)
    assert layout.TIP.validate_json(tip.content()) == tip
