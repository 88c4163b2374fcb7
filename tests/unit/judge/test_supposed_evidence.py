"""Evidence that is supposed says what the manifest asks for; it never makes what is there worse."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Check, MetricValue, ScanResult, ValidationResult
from turnpike.evidence.statement import ISSUED_BY, PROVENANCE, SCAN, VALIDATION
from turnpike.judge.facts import Facts
from turnpike.judge.hypothesis import Supposed, as_it_is, suppose
from turnpike.judge.policy_input import SubjectInput
from turnpike.judge.remedy import (
    CheckRemedy,
    MetricRemedy,
    RecordsRemedy,
    Remedy,
    Run,
    StatementRemedy,
)
from turnpike.judge.situation import situation_of
from turnpike.judge.supposed_evidence import with_evidence
from turnpike.judge.testimony import Hearing
from turnpike.manifest.validation import Slice
from unit.judge.deployed import FACTS, KEY
from unit.judge.examples import (
    ARTIFACT,
    NOW,
    UNHURRIED,
    RoleKey,
    model,
    model_facts,
    object_id,
    run_of,
)

MODEL = SubjectInput(kind="model", id="oncology/triage", team="oncology", model="triage")
VALIDATOR = RoleKey("validator")
SIGNERS = {SCAN: "validator-1", VALIDATION: "validator-1", PROVENANCE: "any-registrar"}
"""Whose key it would be: one that main has, or any of the role."""
LOADS = Check(name="loads", passed=False, expected="yes", actual="no")
ORDER = Check(name="order", passed=False, expected="the same", actual="another")


def signed(run: str, *checks: Check, value: float = 0.5, artifact: str = ARTIFACT) -> Envelope:
    view = model().validation_view()
    assert view is not None
    metric = MetricValue(slice="overall", metric="roc_auc", value=value, records=10)
    said = run_of(view, NOW, *checks).model_copy(
        update={"run": run, "metrics": (metric,) if run == "platform" else ()}
    )
    return VALIDATOR.state(VALIDATION, said, digest_of(artifact.encode())
                           if artifact != ARTIFACT else ARTIFACT)  # fmt: skip


def facts_with(*envelopes: Envelope) -> Facts:
    update = {"evidence": envelopes, "keys": (VALIDATOR.public,)}
    return model_facts().model_copy(update=update)


def heard(facts: Facts) -> Hearing:
    return situation_of(facts).hearing


def after(
    facts: Facts, *remedies: Remedy, about: SubjectInput = MODEL
) -> tuple[ValidationResult | ScanResult | None, ...]:
    found = with_evidence(heard(facts).testimony, facts, [(about, one) for one in remedies])
    said = (one.predicate for one in found)
    return tuple(p if isinstance(p, ValidationResult | ScanResult) else None for p in said)


def statement(predicate: str, run: Run) -> StatementRemedy:
    return StatementRemedy(kind="statement", predicate_type=predicate, run=run)


def metric(value: float, bound: str = "at-least", slice_: str = "overall") -> MetricRemedy:
    said = {"kind": "metric", "slice": slice_, "metric": "roc_auc", "bound": bound, "value": value}
    return MetricRemedy.model_validate(said)


def measured(said: Iterable[object]) -> dict[tuple[str, str], tuple[float, int]]:
    runs = (one for one in said if isinstance(one, ValidationResult))
    return {(m.slice, m.metric): (m.value, m.records) for run in runs for m in run.metrics}


@UNHURRIED
@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(("at-least", "at-most")))
def test_a_metric_is_bettered_and_never_worsened(there: float, wanted: float, bound: str) -> None:
    found = measured(after(facts_with(signed("platform", value=there)), metric(wanted, bound)))
    choose = max if bound == "at-least" else min
    assert found["overall", "roc_auc"] == (choose(there, wanted), 10)


def test_a_metric_that_was_not_measured_is_measured_on_many_records() -> None:
    found = measured(after(facts_with(signed("platform")), metric(0.8, slice_="women")))
    assert found["overall", "roc_auc"] == (0.5, 10)
    assert found["women", "roc_auc"][0] == 0.8
    assert found["women", "roc_auc"][1] > 10_000


def test_the_teams_own_run_measures_nothing_for_the_platform() -> None:
    (said,) = after(facts_with(signed("team", LOADS)), metric(0.99))
    assert isinstance(said, ValidationResult)
    assert said.metrics == ()


@pytest.mark.parametrize(("wanted", "expected"), [(5, 10), (10, 10), (500, 500)])
def test_records_are_counted_up_and_never_down(wanted: int, expected: int) -> None:
    remedy = RecordsRemedy(kind="records", slice="overall", metric="roc_auc", value=wanted)
    found = measured(after(facts_with(signed("platform")), remedy))
    assert found == {("overall", "roc_auc"): (0.5, expected)}


def test_a_check_passes_in_the_run_that_was_meant_and_in_no_other() -> None:
    facts = facts_with(signed("platform", LOADS, ORDER), signed("team", LOADS))
    remedy = CheckRemedy(
        kind="check", predicate_type=VALIDATION, run="team", name="loads", expected="yes"
    )
    passed = {
        (said.run, check.name): check.passed
        for said in after(facts, remedy)
        if isinstance(said, ValidationResult)
        for check in said.checks
    }
    assert passed == {
        ("platform", "loads"): False, ("platform", "order"): False, ("team", "loads"): True,
    }  # fmt: skip


def test_what_is_said_of_other_bytes_is_not_bettered() -> None:
    facts = facts_with(signed("platform", artifact="other bytes"), signed("platform"))
    others = [one for one in heard(facts).testimony if not one.statement.is_about(ARTIFACT)]
    found = with_evidence(heard(facts).testimony, facts, [(MODEL, metric(0.99))])
    assert len(others) == 1
    assert [one for one in found if not one.statement.is_about(ARTIFACT)] == others


def test_a_platform_run_that_is_supposed_comes_out_as_the_manifest_promises() -> None:
    known = model()
    sliced = Slice.model_validate(
        {
            "name": "women",
            "column": "x",
            "operator": "==",
            "value": 1.0,
            "thresholds": {"roc_auc": 0.7},
        }
    )
    validation = known.validation.model_copy(update={"slices": (sliced,)})
    facts = model_facts(manifest=known.model_copy(update={"validation": validation}))
    (said,) = after(facts, statement(VALIDATION, "platform"))
    assert isinstance(said, ValidationResult)
    assert {place: value for place, (value, _) in measured([said]).items()} == {
        ("overall", "roc_auc"): 0.9, ("women", "roc_auc"): 0.7,
    }  # fmt: skip
    (manifest,) = facts.head.models.values()
    assert (said.validation_view, said.isolated) == (manifest.validation_view(), True)


def test_what_is_supposed_first_can_be_bettered_in_any_order() -> None:
    facts = model_facts()
    remedies = (metric(0.99), statement(VALIDATION, "platform"))
    forwards, backwards = after(facts, *remedies), after(facts, *reversed(remedies))
    assert forwards == backwards
    assert measured(forwards)["overall", "roc_auc"][0] == 0.99


@pytest.mark.parametrize(
    ("predicate", "run"),
    [(SCAN, "none"), (VALIDATION, "team"), (VALIDATION, "platform"), (PROVENANCE, "none")],
)
def test_a_supposed_statement_is_seen_by_the_rules_as_bound_and_clean(
    predicate: str, run: Run
) -> None:
    situation = situation_of(facts_with())
    one = Supposed(MODEL, statement(predicate, run))
    (_, asked) = suppose(as_it_is(situation), [one]).queries
    (seen,) = asked.evidence
    assert (seen.predicate_type, seen.run, seen.bound) == (predicate, run, True)
    assert (seen.failed, seen.disproves) == ((), False)
    assert (seen.role, seen.signer) == (ISSUED_BY[predicate], SIGNERS[predicate])


@pytest.mark.parametrize("about", [
    SubjectInput(kind="change", id="change", team="", model=""),
    SubjectInput(kind="model", id="oncology/other", team="oncology", model="other"),
    SubjectInput(kind="deployment", id="dev/local/oncology/triage", team="oncology",
                 model="triage"),
    SubjectInput(kind="root", id="terraform/environments/dev/aws", team="", model=""),
])  # fmt: skip
def test_nothing_is_supposed_of_what_has_no_manifest_in_the_change(about: SubjectInput) -> None:
    facts = model_facts()
    assert after(facts, statement(SCAN, "none"), about=about) == ()


def test_of_a_draft_nothing_can_be_said_yet() -> None:
    draft = model().model_copy(update={"artifact": None})
    assert after(model_facts(manifest=draft), statement(SCAN, "none")) == ()


def test_evidence_on_a_release_is_about_the_manifest_that_it_names() -> None:
    about = SubjectInput(kind="deployment", id=str(KEY), team="oncology", model="triage")
    (said,) = after(FACTS, statement(SCAN, "none"), about=about)
    assert isinstance(said, ScanResult)
    assert said.validation_view == model().validation_view()
    unread = FACTS.head.model_copy(update={"model_blobs": {object_id("another"): model()}})
    other = FACTS.model_copy(update={"head": unread})
    assert after(other, statement(SCAN, "none"), about=about) == ()


def test_nothing_that_is_supposed_changes_what_counted() -> None:
    facts = facts_with(signed("platform", LOADS))
    before = [to_json(one.statement) for one in heard(facts).testimony]
    after(facts, metric(0.99), statement(SCAN, "none"))
    assert [to_json(one.statement) for one in heard(facts).testimony] == before
