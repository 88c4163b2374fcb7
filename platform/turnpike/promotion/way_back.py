"""The way back from a rollout whose analysis failed: each place to what last had it all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from turnpike.documents.identifiers import ObjectId
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.promotion.earlier import earlier_release
from turnpike.promotion.group import WAITS
from turnpike.promotion.move import Move
from turnpike.promotion.plan import ReleasePlan, Standing, plan_rollback


def way_back(environment: str) -> str:
    """Return the name of the train that takes failed candidates out of an environment."""
    return f"back/{environment}"


def former_releases(
    repository: Repository, main: ObjectId, standing: Standing, move: Move
) -> dict[DeploymentKey, Release]:
    """Return what each place goes back to that serves the candidate of a move.

    Raises InputError where nothing stood in one of them before.
    """
    environment = standing.environments[move.environment]
    found: dict[DeploymentKey, Release] = {}
    for target in environment.targets:
        key = DeploymentKey(environment.name, target.name, move.model.team, move.model.model)
        stands = standing.releases.get(key.path("release.yaml"))
        if stands is not None and stands.artifact == move.artifact:
            found[key] = earlier_release(repository, main, key, None)
    return found


def plan_way_back(
    move: Move,
    former: Mapping[DeploymentKey, Release],
    manifests: Mapping[ObjectId, PredictiveModel | GenerativeModel],
    standing: Standing,
) -> ReleasePlan:
    """Plan the return of every place, as one change that says why."""
    plans = (plan_rollback(key, one, manifests, standing) for key, one in former.items())
    reasons = {one.code: one.says for one in reversed(move.blockers)}
    why = reasons.get("analysis-failed") or reasons[WAITS]
    files = reduce(ReleasePlan.__or__, plans).files
    return ReleasePlan(f"Roll back {move.model} in {move.environment}: {why}", files)
