"""Brings the registered bytes of a manifest's artifact onto this machine, verified."""

from __future__ import annotations

from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError
from turnpike.manifest.model import Artifact, GenerativeModel, PredictiveModel, RouteArtifact
from turnpike.registry.interface import RegisteredVersion, RegistryReader


def fetch_artifact(
    model: PredictiveModel | GenerativeModel, registry: RegistryReader, into: Path
) -> Path:
    """Return the artifact folder, fetched to ``into``, with the digest that the manifest names.

    Raises InputError where the registry has no such version or another digest for it,
    IntegrityError where its bytes are not those of the digest, Unavailable where it is silent.
    """
    return registry.fetch(registered_version(model, registry), into)


def artifact_block(model: PredictiveModel | GenerativeModel) -> Artifact | RouteArtifact:
    """Return the artifact block of a manifest; raises InputError for a draft, which has none."""
    if model.artifact is None:
        raise _draft(model)
    return model.artifact


def view_of(model: PredictiveModel | GenerativeModel) -> Digest:
    """Return the digest of what evidence is bound to; raises InputError for a draft."""
    view = model.validation_view()
    if view is None:
        raise _draft(model)
    return view


def registered_version(
    model: PredictiveModel | GenerativeModel, registry: RegistryReader
) -> RegisteredVersion:
    """Return what the registry has under the manifest's version; raises as ``fetch_artifact``."""
    file = f"models/{model.key}/model.yaml"
    solution = _solution(model)
    block = artifact_block(model)
    found = registry.find(block.registry_model, block.version)
    if found is None:
        raise InputError(
            f"{file} artifact: expected {block.registry_model} version {block.version} in the "
            "registry, found none",
            code="artifact.not-registered",
            solution=solution,
        )
    if found.digest != block.digest:
        raise InputError(
            f"{file} artifact.digest: expected {found.digest}, which the registry has for "
            f"{found.name} version {found.version}, found {block.digest}",
            code="artifact.other-digest",
            solution=solution,
        )
    return found


def _draft(model: PredictiveModel | GenerativeModel) -> InputError:
    return InputError(
        f"models/{model.key}/model.yaml: expected an artifact block, found a draft",
        code="artifact.draft",
        solution=_solution(model),
    )


def _solution(model: PredictiveModel | GenerativeModel) -> str:
    return f"Run `turnpike register models/{model.key}` and commit what it writes."
