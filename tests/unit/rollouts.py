"""Rollouts and their steps, as an environment would declare them."""

from __future__ import annotations

import json

from pydantic import JsonValue, TypeAdapter

from turnpike.topology.environment import ENVIRONMENT, Environment
from turnpike.topology.rollout import Analysis, Rollout, Step
from unit.judge.examples import environment

ANALYSIS: dict[str, JsonValue] = {
    "durationSeconds": 600,
    "minimumRequests": 100,
    "maximumErrorRate": 0.01,
}
_ANALYSIS: TypeAdapter[Analysis] = TypeAdapter(Analysis)
_ROLLOUT: TypeAdapter[Rollout] = TypeAdapter(Rollout)


def analysis(**fields: JsonValue) -> Analysis:
    """Return an analysis of ten minutes and a hundred requests, unless fields say otherwise."""
    return _ANALYSIS.validate_json(json.dumps({**ANALYSIS, **fields}))


def step(traffic: int, *targets: str, last: bool = False) -> Step:
    """Return a step; the last one of a rollout has no analysis."""
    return Step(traffic=traffic, targets=targets, analysis=None if last else analysis())


def rollout(*steps: JsonValue, on_failure: str = "hold") -> Rollout:
    """Return a rollout of these steps, and a last one of all the traffic everywhere."""
    value = {"onFailure": on_failure, "steps": [*steps, {"traffic": 100}]}
    return _ROLLOUT.validate_json(json.dumps(value))


def stepping(name: str, targets: tuple[str, ...], steps: Rollout, *before: str) -> Environment:
    """Return an environment whose targets split traffic, and take what is new by steps."""
    plain = environment(name, before).model_dump(mode="json", by_alias=True)
    (like,) = plain["targets"]
    plain["targets"] = [{**like, "name": one, "deploymentMode": "Knative"} for one in targets]
    plain["rollout"] = steps.model_dump(mode="json", by_alias=True)
    return ENVIRONMENT.validate_json(json.dumps(plain))
