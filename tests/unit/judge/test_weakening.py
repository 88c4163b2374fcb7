"""A demand that a change lowers, widens or takes away is named; a stricter one is not."""

from __future__ import annotations

import pytest

from turnpike.judge.requirements import requirements_of
from turnpike.judge.weakening import weakened
from turnpike.manifest.model import PredictiveModel
from unit.judge.examples import model, model_facts

TRIAGE = model(risk_tier="low")
METRIC, FLOOR = next(iter(TRIAGE.validation.thresholds.items()))


def edited(**fields: object) -> PredictiveModel:
    validation = TRIAGE.validation.model_copy(update=fields)
    return TRIAGE.model_copy(update={"validation": validation})


def named(after: PredictiveModel) -> list[str]:
    facts = model_facts(manifest=after)
    path = "models/oncology/triage/model.yaml"
    base = facts.base.model_copy(update={"models": {path: TRIAGE}})
    head = facts.head.model_copy(update={"models": {path: after}})
    compared = facts.model_copy(update={"base": base, "head": head})
    reasons = [one.reason for one in requirements_of(compared, "model")]
    found = [what for _, what in weakened(compared)]
    assert all(any(what in reason for reason in reasons) for what in found)
    return found


def test_the_same_demands_weaken_nothing() -> None:
    assert named(TRIAGE) == []


def test_a_lower_threshold_is_for_the_risk_group_to_see() -> None:
    assert named(edited(thresholds={METRIC: FLOOR - 0.01})) == [f"{METRIC} of overall"]


def test_a_higher_threshold_weakens_nothing() -> None:
    assert named(edited(thresholds={METRIC: FLOOR + 0.01})) == []


def test_a_threshold_that_is_gone_is_weakened() -> None:
    assert named(edited(thresholds={"log_loss": 1.0})) == [f"{METRIC} of overall"]


@pytest.mark.parametrize("wide", [5.0, 100.0])
def test_a_wider_margin_is_weaker(wide: float) -> None:
    metric = next(iter(TRIAGE.validation.margin))
    assert named(edited(margin={metric: wide})) == [f"margin of {metric}"]


def test_a_slice_that_is_gone_is_weaker() -> None:
    before = TRIAGE.validation.slices
    assert named(edited(slices=())) == [f"slice {one.name}" for one in before]
