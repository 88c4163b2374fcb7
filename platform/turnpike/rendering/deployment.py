"""Everything that one rendering depends on, and what follows from it directly."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.manifest.serving import Resources
from turnpike.manifest.settings import Replicas, Settings
from turnpike.topology.environment import Environment, Target


@dataclass(frozen=True, slots=True)
class Deployment:
    """A model's release in one target of one environment."""

    model: PredictiveModel | GenerativeModel
    release: Release
    environment: Environment
    target: Target
    settings: Settings | None = None

    @property
    def namespace(self) -> str:
        """Return the Kubernetes namespace: one for each team in each environment."""
        return f"{self.environment.name}-{self.model.team}"

    @property
    def folder(self) -> str:
        """Return the folder in Git, without a slash at its end."""
        return folder_of(self.environment.name, self.target.name, self.model.key)

    @property
    def artifact_hex(self) -> str:
        """Return the 64 hexadecimal digits of the released artifact's digest."""
        return self.release.artifact.removeprefix("sha256:")

    @property
    def is_serving(self) -> bool:
        """Tell whether the deployment takes any traffic, itself or what it stands beside."""
        return self.release.traffic > 0 or self.release.rest is not None

    @property
    def replicas(self) -> Replicas:
        """Return how many replicas run: the settings' word, else the environment's."""
        if self.settings is not None and self.settings.replicas is not None:
            return self.settings.replicas
        return self.environment.defaults.replicas

    @property
    def revisions(self) -> int:
        """Return how many artifacts run: beside a share also what serves the rest."""
        return 2 if self.release.rest else 1

    @property
    def resources(self) -> Resources:
        """Return one replica's size: the settings' word, else the environment's, else the model's.

        What a quota is counted with.
        """
        if self.settings is not None and self.settings.resources is not None:
            return self.settings.resources
        return self.environment.defaults.resources or self.model.serving.resources


def folder_of(environment: str, target: str, model_key: str) -> str:
    """Return ``environments/<environment>/<target>/<team>/<model>``."""
    return f"environments/{environment}/{target}/{model_key}"
