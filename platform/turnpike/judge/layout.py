"""Which path of the monorepo is what; the only place that knows the tree's layout."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from turnpike.approvals.dialects import LOCATIONS
from turnpike.documents.identifiers import ObjectId
from turnpike.judge.decision import ChangeClass

ORGANISATION_PATH = "policies/data/organisation.yaml"
CODEOWNERS_PATH = "CODEOWNERS"
SCHEDULE_PATH = "environments/schedule.yaml"
CLOUDS_PATH = "environments/clouds.yaml"
ACCESS_FOLDERS = ("platform/access/", "platform/argocd/access/")
"""The folders that hold derived files of access, and nothing else."""
ACCESS_FILES = ("platform/argocd/admission/new-namespaces.yaml",)
"""Derived files among others: Argo CD brings all of that folder."""
PROJECTS_FOLDER = "platform/argocd/projects"
"""The projects of Argo CD, whose sync windows are derived where an environment asks for them."""

ACCESS_PLACES = (*(one.rstrip("/") for one in ACCESS_FOLDERS), *ACCESS_FILES, PROJECTS_FOLDER)
"""All places of derived files of access."""

_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_MODEL_FILE = re.compile(rf"models/({_NAME})/({_NAME})/(.+)\Z")
_DEPLOYMENT_FILE = re.compile(
    rf"environments/({_NAME})/({_NAME})/({_NAME})/({_NAME})/(release|manifests|settings)\.yaml\Z"
)
_ENVIRONMENT_FILE = re.compile(rf"environments/({_NAME})/environment\.yaml\Z")
_STOP_FILE = re.compile(rf"environments/stops/({_NAME})\.yaml\Z")
_WAIVER_FILE = re.compile(rf"policies/waivers/({_NAME})\.yaml\Z")
_SETTLEMENT_FILE = re.compile(rf"environments/debts/({_NAME})\.yaml\Z")
_PROJECT_FILE = re.compile(rf"platform/argocd/projects/({_NAME})\.yaml\Z")
_ROOT_FILE = re.compile(rf"terraform/environments/({_NAME})/({_NAME})/(.+)\Z")
_KEY_FILE = re.compile(r"policies/keys/[a-z0-9-]+\.yaml\Z")
_MODEL_OWN_FILES = re.compile(
    rf"models/{_NAME}/{_NAME}/"
    r"(model\.yaml|card\.md|train\.py|data\.py|BUILD|checks/[a-z][a-z0-9_]*\.py)\Z"
)


@dataclass(frozen=True, slots=True, order=True)
class ModelKey:
    """A model: ``team/model``."""

    team: str
    model: str

    def __str__(self) -> str:
        """Return ``team/model``."""
        return f"{self.team}/{self.model}"

    @property
    def folder(self) -> str:
        """Return the folder of the model's files."""
        return f"models/{self.team}/{self.model}"

    @property
    def manifest_path(self) -> str:
        """Return the path of the manifest."""
        return f"{self.folder}/model.yaml"


@dataclass(frozen=True, slots=True, order=True)
class DeploymentKey:
    """A model at a target: ``environment/target/team/model``."""

    environment: str
    target: str
    team: str
    model: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key that was written as ``environment/target/team/model``."""
        return cls(*text.split("/", 3))

    def __str__(self) -> str:
        """Return ``environment/target/team/model``."""
        return f"{self.environment}/{self.target}/{self.team}/{self.model}"

    @property
    def model_key(self) -> ModelKey:
        """Return the model that is deployed."""
        return ModelKey(self.team, self.model)

    @property
    def folder(self) -> str:
        """Return the folder of the deployment's files."""
        return f"environments/{self}"

    def path(self, file: str) -> str:
        """Return the path of one of the deployment's files, such as ``release.yaml``."""
        return f"{self.folder}/{file}"


@dataclass(frozen=True, slots=True, order=True)
class RootKey:
    """A root of Terraform: what an environment has in one cloud."""

    environment: str
    cloud: str

    def __str__(self) -> str:
        """Return the folder of the root's files."""
        return f"terraform/environments/{self.environment}/{self.cloud}"


def root_of(path: str) -> RootKey | None:
    """Return the root in whose folder a path lies."""
    match = _ROOT_FILE.match(path)
    return RootKey(match[1], match[2]) if match else None


def model_of(path: str) -> ModelKey | None:
    """Return the model in whose folder a path lies."""
    match = _MODEL_FILE.match(path)
    return ModelKey(match[1], match[2]) if match else None


@lru_cache(maxsize=1 << 16)
def deployment_of(path: str) -> DeploymentKey | None:
    """Return the deployment that a path is a file of; asked again and again of a large change."""
    match = _DEPLOYMENT_FILE.match(path)
    return DeploymentKey(match[1], match[2], match[3], match[4]) if match else None


def environment_of(path: str) -> str | None:
    """Return the environment that a path describes."""
    match = _ENVIRONMENT_FILE.match(path)
    return match[1] if match else None


def project_of(path: str) -> str | None:
    """Return the environment whose project of Argo CD a path holds."""
    match = _PROJECT_FILE.match(path)
    return match[1] if match else None


def project_path(environment: str) -> str:
    """Return where the project of Argo CD for an environment stands."""
    return f"{PROJECTS_FOLDER}/{environment}.yaml"


def stop_of(path: str) -> str | None:
    """Return the name of the stop that a path holds."""
    match = _STOP_FILE.match(path)
    return match[1] if match else None


def waiver_of(path: str) -> str | None:
    """Return the name of the waiver that a path holds."""
    match = _WAIVER_FILE.match(path)
    return match[1] if match else None


def settlement_of(path: str) -> str | None:
    """Return the name of the settlement that a path holds."""
    match = _SETTLEMENT_FILE.match(path)
    return match[1] if match else None


def is_access_file(path: str) -> bool:
    """Tell whether a path is, or lies where, only a derived file of access may be."""
    return path in ACCESS_FILES or path.startswith(ACCESS_FOLDERS)


def is_access_source(path: str) -> bool:
    """Tell whether a path holds something that files of access are derived from."""
    return path == ORGANISATION_PATH or _is_scheduled(path)


def bears_on_access(path: str) -> bool:
    """Tell whether a change of a path may leave a file of access other than its derivation."""
    return is_access_source(path) or is_access_file(path) or project_of(path) is not None


def is_key(path: str) -> bool:
    """Tell whether a path holds a public key."""
    return _KEY_FILE.match(path) is not None


def key_path(name: str) -> str:
    """Return where the key of that name stands."""
    return f"policies/keys/{name}.yaml"


def is_model_file(path: str) -> bool:
    """Tell whether a model's folder may hold that file."""
    return _MODEL_OWN_FILES.match(path) is not None


def build_path(key: ModelKey) -> str:
    """Return the path of a model's BUILD file."""
    return f"{key.folder}/BUILD"


def class_of(path: str, with_paths: frozenset[str]) -> ChangeClass:
    """Return the class of change that one path belongs to, among all the paths of its change.

    ``manifests.yaml`` is derived: it goes with the release or the settings beside it, and is a
    change of class render where it stands alone. What is derived of access goes with an
    environment beside it, else with the organisation; a project of Argo CD, whose sync windows are
    derived, with an environment or a schedule beside it.
    """
    if project_of(path):
        return "environment" if any(map(_is_scheduled, with_paths)) else "platform"
    if is_access_file(path):
        return "environment" if any(map(environment_of, with_paths)) else "organisation"
    deployment = deployment_of(path)
    if deployment is not None:
        return _class_of_deployment_file(path, deployment, with_paths)
    for change_class, is_one in _CLASSES:
        if is_one(path):
            return change_class
    return _class_of_folder(path)


def _class_of_deployment_file(
    path: str, deployment: DeploymentKey, with_paths: frozenset[str]
) -> ChangeClass:
    if path.endswith("/release.yaml"):
        return "release"
    if deployment.path("release.yaml") in with_paths:
        return "settings" if path.endswith("/settings.yaml") else "release"
    if deployment.path("settings.yaml") in with_paths:
        return "settings"
    return "render"


def _is_organisation(path: str) -> bool:
    return path == ORGANISATION_PATH or path in LOCATIONS or is_key(path)


def _is_environment(path: str) -> bool:
    return path in {SCHEDULE_PATH, CLOUDS_PATH} or environment_of(path) is not None


def _is_scheduled(path: str) -> bool:
    return path == SCHEDULE_PATH or environment_of(path) is not None


def _is_model(path: str) -> bool:
    return path.startswith("models/")


_CLASSES: tuple[tuple[ChangeClass, Callable[[str], object]], ...] = (
    ("model", _is_model),
    ("stop", stop_of),
    ("settlement", settlement_of),
    ("waiver", waiver_of),
    ("environment", _is_environment),
    ("organisation", _is_organisation),
)
"""The classes that a file's own path decides, in which a folder has no say."""


def _class_of_folder(path: str) -> ChangeClass:
    if path.startswith("policies/"):
        return "policy"
    if path.startswith("terraform/"):
        return "terraform"
    if path.startswith(("docs/", "runbooks/")) or ("/" not in path and path.endswith(".md")):
        return "docs"
    return "platform"


def classes_of(paths: frozenset[str]) -> tuple[ChangeClass, ...]:
    """Return the classes of change that the paths belong to, sorted."""
    return tuple(sorted({class_of(path, paths) for path in paths}))


def release_path(deployment: DeploymentKey) -> str:
    """Return the path of a deployment's release."""
    return deployment.path("release.yaml")


NO_OBJECT = ObjectId("0" * 40)
