"""How far a suspect reached, and the changes that take it out of every environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.promotion.plan import ReleasePlan, Standing, plan_retirement, plan_rollback
from turnpike.promotion.suspect import Suspect, reason_of
from turnpike.topology.rollout import WHOLE

AnyModel = PredictiveModel | GenerativeModel


@dataclass(frozen=True, slots=True)
class Ground:
    """What a recall is worked out from: all that was read of main and of the record.

    ``manifests`` are by Git blob, ``earlier`` the former releases of each path, newest first,
    ``statements`` by artifact, ``signers`` the names of keys by their id.
    """

    standing: Standing
    models: Mapping[ModelKey, AnyModel]
    manifests: Mapping[ObjectId, AnyModel]
    earlier: Mapping[str, tuple[Release, ...]]
    statements: Mapping[Digest, tuple[Envelope, ...]]
    signers: Mapping[Digest, str]


@dataclass(frozen=True, slots=True)
class ReachedModel:
    """A manifest on main that the suspect reached, and how."""

    key: ModelKey
    version: str
    why: str


@dataclass(frozen=True, slots=True)
class ReachedDeployment:
    """A deployment that serves what the suspect reached, and what takes it out.

    ``back_to`` is the newest earlier release that the suspect did not reach; without one the
    deployment is retired.
    """

    key: DeploymentKey
    release: Release
    why: str
    back_to: Release | None

    @property
    def remedy(self) -> Literal["rollback", "retirement"]:
        """Return how it is taken out."""
        return "rollback" if self.back_to else "retirement"


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Everything that a suspect reached."""

    models: tuple[ReachedModel, ...]
    deployments: tuple[ReachedDeployment, ...]


def blast_radius(suspect: Suspect, ground: Ground) -> BlastRadius:
    """Return what a suspect reached, sorted by name."""
    models = (
        ReachedModel(key, model.artifact.version if model.artifact else "draft", why)
        for key, model in sorted(ground.models.items())
        if (why := _why(suspect, ground, model))
    )
    reached = (
        _reached(suspect, ground, key, release)
        for path, release in sorted(ground.standing.releases.items())
        if (key := deployment_of(path))
    )
    return BlastRadius(tuple(models), tuple(one for one in reached if one))


def _reached(
    suspect: Suspect, ground: Ground, key: DeploymentKey, release: Release
) -> ReachedDeployment | None:
    why = _why(suspect, ground, ground.manifests.get(release.manifest))
    if why is None and release.rest:
        why = _why(suspect, ground, ground.manifests.get(release.rest.manifest))
    if why is None:
        return None
    former = ground.earlier.get(key.path("release.yaml"), ())
    sound = (one for one in former if _is_sound(suspect, ground, one, release))
    return ReachedDeployment(key, release, why, next(sound, None))


def _is_sound(suspect: Suspect, ground: Ground, former: Release, now: Release) -> bool:
    """Nothing is returned to of which nobody knows what it is."""
    manifest = ground.manifests.get(former.manifest)
    if manifest is None or former.artifact == now.artifact or former.traffic != WHOLE:
        return False
    return _why(suspect, ground, manifest) is None


def _why(suspect: Suspect, ground: Ground, model: AnyModel | None) -> str | None:
    if model is None:
        return None
    artifact = model.artifact.digest if model.artifact else None
    about = ground.statements.get(artifact, ()) if artifact else ()
    return reason_of(suspect, model, about, ground.signers)


def plan_recall(
    suspect: Suspect, radius: BlastRadius, ground: Ground, *, by_team: bool
) -> tuple[ReleasePlan, ...]:
    """Return the changes that take out what is deployed: one a team, or one for all."""
    teams: dict[str, list[ReleasePlan]] = {}
    for one in radius.deployments:
        teams.setdefault(one.key.team if by_team else "", []).append(_plan(one, ground))
    return tuple(_together(suspect, team, plans) for team, plans in sorted(teams.items()))


def _plan(one: ReachedDeployment, ground: Ground) -> ReleasePlan:
    if one.back_to is not None:
        return plan_rollback(one.key, one.back_to, ground.manifests, ground.standing)
    place = one.key
    return plan_retirement(place.model_key, ground.standing, place.environment, (place.target,))


def _together(suspect: Suspect, team: str, plans: Iterable[ReleasePlan]) -> ReleasePlan:
    whole = reduce(ReleasePlan.__or__, plans)
    title = f"Recall {suspect.kind} {suspect.name}"
    return ReleasePlan(f"{title} from {team}" if team else title, whole.files)
