"""Steps that nobody can mean are refused with their field; all others end at all the traffic."""

from __future__ import annotations

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.topology.environment import ENVIRONMENT
from turnpike.topology.rollout import Rollout, Step, faults_of, targets_of
from unit.judge.examples import environment
from unit.rollouts import ANALYSIS, rollout, step

NAMES = ("eu", "us")


def fault(*steps: Step, splitting: tuple[str, ...] = NAMES) -> str:
    return faults_of(Rollout(on_failure="hold", steps=steps), NAMES, splitting)


def test_a_shadow_a_canary_and_region_by_region_are_meant() -> None:
    assert fault(step(0, "eu"), step(10, "eu"), step(100, "eu"), step(100, last=True)) == (
        "steps.3: a step of its own in eu, not 100 as steps.2 (they overlap)"
    )
    assert not fault(step(0, "eu"), step(10, "eu"), step(100, "eu"), step(100, "us", last=True))
    assert not fault(step(0), step(50), step(100, last=True))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((step(10), step(10), step(100, last=True)),
         "steps.1: a step of its own in eu, not 10 as steps.0 (they overlap)"),
        ((step(50), step(10), step(100, last=True)),
         "steps.1.traffic: more than 50, which eu has from steps.0 on, not 10"),
        ((step(10), step(90, last=True)),
         "steps.1.traffic: 100 in the last step of eu, not 90"),
        ((step(10, "eu"), step(100, "eu", last=True)), "steps: a last step of 100 in us, not none"),
        ((step(10, "asia"), step(100, last=True)),
         "steps.0.targets.0: one of the targets eu, us, not asia"),
        ((step(10, "eu", "eu"), step(100, last=True)),
         "steps.0.targets.1: each target once, not eu again"),
        ((step(10, last=True), step(100, last=True)),
         "steps.0.analysis: what must be seen before the next step, not nothing"),
    ],
)  # fmt: skip
def test_what_nobody_can_mean_is_told_by_its_field(steps: tuple[Step, ...], said: str) -> None:
    assert fault(*steps) == said


def test_an_analysis_after_the_last_step_would_decide_nothing() -> None:
    assert fault(step(10), step(100)).startswith("steps.1.analysis: nothing, for no step follows")


def test_a_share_is_refused_where_nothing_splits_traffic() -> None:
    said = fault(step(10), step(100, last=True), splitting=("eu",))
    assert said == (
        "steps.0.traffic: 100 in us, which can't split traffic"
        " (deploymentMode: Knative can), not 10"
    )


def test_a_step_without_targets_is_of_all_in_their_order() -> None:
    assert targets_of(step(10), NAMES) == NAMES
    assert targets_of(step(10, "us"), NAMES) == ("us",)


def test_the_file_and_the_field_are_named() -> None:
    plain = environment("dev").model_dump(mode="json", by_alias=True)
    plain["targets"][0]["deploymentMode"] = "Knative"
    steps: JsonValue = [
        {"traffic": 50, "analysis": ANALYSIS}, {"traffic": 20, "analysis": ANALYSIS},
        {"traffic": 100},
    ]  # fmt: skip
    broken = {**plain, "rollout": {"onFailure": "hold", "steps": steps}}
    with pytest.raises(InvalidDocument) as error:
        read(ENVIRONMENT, _yaml(broken), "environments/dev/environment.yaml")
    (problem,) = error.value.problems
    assert (problem.file, problem.field) == ("environments/dev/environment.yaml", "rollout")
    assert problem.expected.startswith("steps.1.traffic: more than 50, which local has")


@pytest.mark.parametrize("seconds", [0, -600])
def test_a_duration_of_nothing_is_refused(seconds: int) -> None:
    with pytest.raises(ValidationError, match=r"(?s)steps.0.analysis.durationSeconds"):
        rollout({"traffic": 0, "analysis": {**ANALYSIS, "durationSeconds": seconds}})


def _yaml(value: object) -> bytes:
    import json

    return json.dumps(value).encode()
