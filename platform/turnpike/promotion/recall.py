"""How far a suspect reached, and the changes that take it out of every environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of
from turnpike.judge.rollback import is_way_back
from turnpike.judge.suspect import Suspect, reason_of
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.promotion.former import Unexamined
from turnpike.promotion.plan import ReleasePlan, Standing, plan_retirement, plan_rollback
from turnpike.topology.stop import Recalled, Stop

AnyModel = PredictiveModel | GenerativeModel


@dataclass(frozen=True, slots=True)
class Ground:
    """What a recall is worked out from: all that was read of main and of the record.

    ``manifests`` are by Git blob, ``earlier`` the former releases of each path, newest first,
    ``statements`` by artifact, ``signers`` the names of keys by their id. ``unexamined`` is what
    cannot be read of main's past: nothing is returned to it, and whether something reached it
    nobody can say.
    """

    standing: Standing
    models: Mapping[ModelKey, AnyModel]
    manifests: Mapping[ObjectId, AnyModel]
    earlier: Mapping[str, tuple[Release, ...]]
    statements: Mapping[Digest, tuple[Envelope, ...]]
    signers: Mapping[Digest, str]
    unexamined: tuple[Unexamined, ...] = ()


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
    deployment is retired. ``bad`` are the artifacts that it reached, with and without a share.
    """

    key: DeploymentKey
    release: Release
    why: str
    back_to: Release | None
    bad: frozenset[Digest]

    @property
    def remedy(self) -> Literal["rollback", "retirement"]:
        """Return how it is taken out."""
        return "rollback" if self.back_to else "retirement"


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Everything that a suspect reached."""

    models: tuple[ReachedModel, ...]
    deployments: tuple[ReachedDeployment, ...]


def unknown_signer(suspect: Suspect, ground: Ground) -> bool:
    """Tell whether a signer is recalled that main has no key of, so that nothing can be found."""
    known = {*ground.signers, *ground.signers.values()}
    return suspect.kind == "signer" and suspect.name not in known


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
    manifests = ground.manifests
    whys = [(a, _why(suspect, ground, manifests.get(blob))) for a, blob in release.served]
    why = next((why for _, why in whys if why), None)
    if why is None:
        return None
    bad = frozenset(artifact for artifact, found in whys if found)
    former = ground.earlier.get(key.path("release.yaml"), ())
    before = (one for one in former if is_way_back(one, release, (release, *former)))
    sound = (one for one in before if _is_sound(suspect, ground, one, release))
    return ReachedDeployment(key, release, why, next(sound, None), bad)


def _is_sound(suspect: Suspect, ground: Ground, former: Release, now: Release) -> bool:
    """Nothing is returned to of which nobody knows what it is."""
    manifest = ground.manifests.get(former.manifest)
    if manifest is None or former.artifact == now.artifact:
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


def passed_over(
    suspect: Suspect, radius: BlastRadius, ground: Ground, stops: Iterable[Stop]
) -> tuple[ModelKey, ...]:
    """Return the models to be retired whose consumers would be asked first.

    They are not where a stop on main recalls the same suspect; see ``judge/consumers.py``.
    """
    known = tuple(stops)
    stages = ground.standing.environments
    sources = {name for one in stages.values() for name in one.promotes_from}
    asked = (
        one.key.model_key
        for one in radius.deployments
        if one.back_to is None
        and one.key.environment not in sources
        and _has_consumers(ground, one.key.model_key)
        and not any(_recalls(stop, suspect, one.key, ground) for stop in known)
    )
    return tuple(sorted(set(asked)))


def _has_consumers(ground: Ground, key: ModelKey) -> bool:
    model = ground.models.get(key)
    return model is not None and bool(model.consumers) and model.lifecycle != "retired"


def _recalls(stop: Stop, suspect: Suspect, key: DeploymentKey, ground: Ground) -> bool:
    environment = ground.standing.environments.get(key.environment)
    target = environment.target(key.target) if environment else None
    if target is None or stop.recalls != Recalled(kind=suspect.kind, name=suspect.name):
        return False
    return stop.speaks_of(key.environment, target.cloud, key.team, str(key.model_key))


def _plan(one: ReachedDeployment, ground: Ground) -> ReleasePlan:
    if one.back_to is not None:
        return plan_rollback(one.key, one.back_to, ground.manifests, ground.standing)
    place = one.key
    return plan_retirement(place.model_key, ground.standing, place.environment, (place.target,))


def _together(suspect: Suspect, team: str, plans: Iterable[ReleasePlan]) -> ReleasePlan:
    whole = reduce(ReleasePlan.__or__, plans)
    title = f"Recall {suspect.kind} {suspect.name}"
    return ReleasePlan(f"{title} from {team}" if team else title, whole.files)
