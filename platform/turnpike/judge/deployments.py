"""What a deployment is, was, came from and asks for, read from the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from turnpike.documents.identifiers import Digest
from turnpike.judge.companions import companions_of
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of
from turnpike.judge.movement import movement_of
from turnpike.judge.policy_input import DeploymentInput, ReleaseSource, Usage
from turnpike.judge.rollback import is_rollback
from turnpike.judge.soak import healthy_seconds
from turnpike.judge.steps import rollout_input
from turnpike.judge.subjects import release_after, stays
from turnpike.judge.testimony import Testimony
from turnpike.manifest.release import Release
from turnpike.manifest.settings import Settings
from turnpike.rendering.deployment import Deployment
from turnpike.topology.environment import Environment
from turnpike.topology.rollout import WHOLE

QuotaKey = tuple[str, str, str]
"""What a quota is given for: an environment, a target and a team."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the deployments of a change, looked up once for all of them.

    ``releases`` are main's of each model, in the order of their paths.
    """

    facts: Facts
    releases: Mapping[ModelKey, Mapping[str, Release]]
    _usages: dict[QuotaKey, Usage] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, facts: Facts) -> Around:
        """Sort main's releases by model."""
        found: dict[ModelKey, dict[str, Release]] = defaultdict(dict)
        for path, release in sorted(facts.base.releases.items()):
            if place := deployment_of(path):
                found[place.model_key][path] = release
        return cls(facts, found)

    def releases_of(self, key: ModelKey) -> Mapping[str, Release]:
        """Return what main has of a model, wherever it stands."""
        return self.releases.get(key, {})

    def usage_at(self, key: DeploymentKey) -> Usage:
        """Return what the team of a deployment asks for in its target; see ``usage_in``."""
        quota = _quota_key(key)
        if quota not in self._usages:
            self._usages[quota] = usage_in(self.facts, key)
        return self._usages[quota]


def deployment_after(facts: Facts, key: DeploymentKey) -> Deployment | None:
    """Return a deployment as it is after the merge; None where it is deleted or unreadable."""
    release = release_after(facts, key.path("release.yaml"))
    environment = facts.base.environments.get(key.environment)
    target = environment.target(key.target) if environment else None
    model = facts.head.model_blobs.get(release.manifest) if release else None
    if release is None or environment is None or target is None or model is None:
        return None
    return Deployment(model, release, environment, target, settings_after(facts, key))


def deployment_input(
    around: Around,
    key: DeploymentKey,
    decisions: Mapping[Digest, Decision],
    testimony: tuple[Testimony, ...],
) -> DeploymentInput | None:
    """Return what the policies see of a deployment; None where it is deleted or unreadable."""
    facts, beside = around.facts, around.releases_of(key.model_key)
    deployment = deployment_after(facts, key)
    if deployment is None:
        return None
    path = key.path("release.yaml")
    release, previous = deployment.release, facts.base.releases.get(path)
    environment, target = deployment.environment, deployment.target
    decision = decisions.get(release.decision)
    moves = release != previous
    return DeploymentInput(
        release=release,
        previous=previous,
        environment=environment,
        target=target,
        sources=tuple(_sources(facts, beside, environment, testimony if moves else ())),
        rollback=is_rollback(facts, path, release),
        admitted=decision is not None and decision.admits(release.artifact, release.manifest),
        replicas=deployment.replicas,
        resources=deployment.resources,
        usage=around.usage_at(key),
        movement=movement_of(facts, key, deployment.model, environment, target) if moves else None,
        companions=companions_of(facts, key, release) if moves else (),
        rollout=rollout_input(facts, key, deployment, testimony) if moves else None,
    )


def settings_after(facts: Facts, key: DeploymentKey) -> Settings | None:
    """Return the settings of a deployment after the merge."""
    path = key.path("settings.yaml")
    if path in facts.head.settings:
        return facts.head.settings[path]
    standing = facts.base.settings.get(path)
    return standing if standing is not None and stays(facts, path) else None


def _sources(
    facts: Facts,
    beside: Mapping[str, Release],
    environment: Environment,
    testimony: Iterable[Testimony],
) -> Iterator[ReleaseSource]:
    """Yield where the model stands in the stages before; ``beside`` are main's releases of it."""
    observed = tuple(testimony)
    for path, release in beside.items():
        other = deployment_of(path)
        # What a stage only tries on a share of its traffic does not stand there yet.
        if other and other.environment in environment.promotes_from and release.traffic == WHOLE:
            model = facts.head.model_blobs.get(release.manifest)
            yield ReleaseSource(
                environment=other.environment,
                target=other.target,
                artifact=release.artifact,
                manifest=release.manifest,
                version=release.version,
                healthy_seconds=healthy_seconds(other, release, model, observed, facts.clock),
            )


def usage_in(facts: Facts, key: DeploymentKey) -> Usage:
    """Sum what the team's deployments in this target ask for at most, this change included.

    Beside a share what serves the rest runs as well, and is taken to ask for as much.
    """
    cpu = memory = 0
    quota = _quota_key(key)
    for path in facts.base.releases.keys() | facts.head.releases.keys():
        other = deployment_of(path)
        if other is None or _quota_key(other) != quota:
            continue
        deployment = deployment_after(facts, other)
        if deployment is not None:
            pods = deployment.replicas.maximum * deployment.revisions
            cpu += deployment.resources.cpu_millicores * pods
            memory += deployment.resources.memory_mebibytes * pods
    return Usage(cpu_millicores=cpu, memory_mebibytes=memory)


def _quota_key(key: DeploymentKey) -> QuotaKey:
    return key.environment, key.target, key.team
