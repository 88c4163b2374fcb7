"""Registers models: train, digest, register, keep the bytes, testify, and write the manifest last.

Every step can be repeated. What was interrupted leaves a manifest as it was; running again finds
the version that is there already, since the same training gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from turnpike.datasets.declared import declared_data
from turnpike.datasets.table import digest_of_table
from turnpike.documents.canonical import canonical_document
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import Statement
from turnpike.manifest.model import Artifact, GenerativeModel, PredictiveModel, RouteArtifact
from turnpike.registration.artifact_block import DataDigests, with_artifact
from turnpike.registration.bill_of_materials import bill_of_materials
from turnpike.registration.manifest_file import ManifestFile, read_manifest, replace_manifest
from turnpike.registration.provenance import Made, route_provenance, training_provenance
from turnpike.registration.trainer import training
from turnpike.registry.interface import RegisteredVersion, Registry
from turnpike.registry.store import ArtifactStore

_PACKAGES = {
    "skops": ("numpy", "pandas", "scikit-learn", "skops"),
    "onnx": ("numpy", "onnx", "onnxruntime", "pandas", "scikit-learn", "skl2onnx"),
}


@dataclass(frozen=True, slots=True)
class Edges:
    """What registering talks to; ``sign`` signs as registrar, and may keep what it signed."""

    registry: Registry
    store: ArtifactStore
    sign: Callable[[Statement], Envelope]
    clock: Callable[[], datetime]
    report: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """One model that was registered; ``unchanged`` where its bytes already had this version."""

    key: str
    version: RegisteredVersion
    unchanged: bool
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An artifact folder that is ready to be registered, and what is testified of it."""

    manifest: ManifestFile
    artifact: Path
    started_at: datetime
    data: DataDigests | None
    packages: dict[str, str]


def register(folders: Sequence[Path], edges: Edges) -> tuple[Registered, ...]:
    """Register the models of some ``models/<team>/<model>/`` folders, in their order.

    Nothing is registered before all of them are trained. Raises InputError for the first manifest
    or training that fails, Unavailable where the registry does not answer.
    """
    started_at = edges.clock()
    manifests = [read_manifest(folder) for folder in folders]
    with ExitStack() as scratch:
        trained = _trained(manifests, edges, started_at, scratch)
        routes = _routes(manifests, started_at, scratch)
        ready = {candidate.manifest.folder: candidate for candidate in (*trained, *routes)}
        return tuple(_register(ready[manifest.folder], edges) for manifest in manifests)


def _trained(
    manifests: Iterable[ManifestFile], edges: Edges, started_at: datetime, scratch: ExitStack
) -> list[_Candidate]:
    """Train in a child process; meanwhile the registry gets ready and the records are digested."""
    predictive = [m for m in manifests if isinstance(m.model, PredictiveModel)]
    if not predictive:
        return []
    running = scratch.enter_context(training([manifest.folder for manifest in predictive]))
    data = [_data_digests(manifest.model) for manifest in predictive]
    edges.registry.versions(predictive[0].registry_model)
    artifacts = running.wait(edges.report)
    return [
        _Candidate(manifest, artifact, started_at, digests, _packages(_format_of(artifact)))
        for manifest, artifact, digests in zip(predictive, artifacts, data, strict=True)
    ]


def _data_digests(model: PredictiveModel | GenerativeModel) -> DataDigests | None:
    if isinstance(model, GenerativeModel):
        return None
    data = declared_data(model.data)
    return DataDigests(digest_of_table(data.training), digest_of_table(data.validation))


def _routes(
    manifests: Iterable[ManifestFile], started_at: datetime, scratch: ExitStack
) -> list[_Candidate]:
    """Write the canonical route document of each generative model as its artifact."""
    found = []
    for manifest in manifests:
        if isinstance(manifest.model, GenerativeModel):
            folder = Path(scratch.enter_context(TemporaryDirectory(prefix="turnpike-route-")))
            (folder / "route.json").write_bytes(canonical_document(manifest.model.route))
            found.append(_Candidate(manifest, folder, started_at, None, {}))
    return found


def _register(candidate: _Candidate, edges: Edges) -> Registered:
    """Carry out the steps for one model; each leaves what the next one needs, the manifest last."""
    manifest = candidate.manifest
    # 1. The bytes get their digest by being put into the store.
    digest = edges.store.put(candidate.artifact)
    # 2. The registry keeps them as a version, unless one of its versions has this digest.
    known = {version.digest for version in edges.registry.versions(manifest.registry_model)}
    tags = {"turnpike.team": manifest.model.team, "turnpike.model": manifest.model.name}
    found = edges.registry.register(
        manifest.registry_model, edges.store.path_of(digest), digest, tags
    )
    # 3. The registrar testifies where they come from and what they are made of.
    envelopes = tuple(edges.sign(one) for one in _statements(candidate, found, edges.clock()))
    # 4. The manifest names them.
    replace_manifest(manifest, _named(candidate, found))
    return Registered(manifest.model.key, found, digest in known, envelopes)


def _statements(
    candidate: _Candidate, found: RegisteredVersion, moment: datetime
) -> tuple[Statement, Statement]:
    model, data = candidate.manifest.model, candidate.data
    made = Made(model.key, found.digest, candidate.started_at, moment)
    bill = bill_of_materials(model, found.digest, moment, data, candidate.packages)
    if isinstance(model, GenerativeModel) or data is None:
        return route_provenance(made, model.key), bill
    folder = candidate.manifest.folder
    return training_provenance(made, model, folder, data, candidate.packages), bill


def _named(candidate: _Candidate, found: RegisteredVersion) -> str:
    """Return the manifest's text with the block that names the registered version."""
    block: Artifact | RouteArtifact
    if candidate.data is None:
        block = RouteArtifact(
            registry_model=found.name, version=found.version, digest=found.digest, format="route"
        )
    else:
        block = Artifact(
            registry_model=found.name,
            version=found.version,
            digest=found.digest,
            format="onnx" if _format_of(candidate.artifact) == "onnx" else "skops",
        )
    return with_artifact(candidate.manifest.text, block, candidate.data)


def _format_of(artifact: Path) -> str:
    return "onnx" if (artifact / "model.onnx").is_file() else "skops"


def _packages(artifact_format: str) -> dict[str, str]:
    return {name: version(name) for name in _PACKAGES[artifact_format]}
