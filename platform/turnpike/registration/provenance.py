"""Says how an artifact came to be: SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.statement import PROVENANCE, Statement, statement_about
from turnpike.manifest.model import PredictiveModel
from turnpike.registration.artifact_block import DataDigests

BUILD_TYPE = "https://turnpike.dev/training/v1"
ROUTE_TYPE = "https://turnpike.dev/route/v1"
BUILDER = "https://turnpike.dev/registrar/v1"
CODE = ("data.py", "train.py")

Json: TypeAlias = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Made:
    """An artifact that was made: its name for people, its digest, and from when to when."""

    name: str
    digest: Digest
    started_at: datetime
    finished_at: datetime


def training_provenance(
    made: Made, model: PredictiveModel, folder: Path, data: DataDigests, packages: dict[str, str]
) -> Statement:
    """Return the provenance of a trained artifact: code, records and packages, each by digest.

    ``packages`` are the versions of what it was trained with, by the package's name.
    """
    parameters: Json = {"model": model.key, "seed": model.validation.seed}
    materials: list[JsonValue] = [_file(folder / name) for name in CODE]
    materials += [
        _records(model.data.training.source, "training", data.training),
        _records(model.data.validation.source, "validation", data.validation),
        *(_package(name, version) for name, version in sorted(packages.items())),
    ]
    return _statement(made, BUILD_TYPE, parameters, materials)


def route_provenance(made: Made, key: str) -> Statement:
    """Return the provenance of a route document, which nothing but its own text goes into."""
    return _statement(made, ROUTE_TYPE, {"model": key}, [])


def _statement(
    made: Made, build_type: str, parameters: Json, materials: list[JsonValue]
) -> Statement:
    predicate: Json = {
        "buildDefinition": {
            "buildType": build_type,
            "externalParameters": parameters,
            "resolvedDependencies": materials,
        },
        "runDetails": {
            "builder": {"id": BUILDER},
            "metadata": {
                "startedOn": _moment(made.started_at),
                "finishedOn": _moment(made.finished_at),
            },
        },
    }
    return statement_about(made.name, made.digest, PROVENANCE, predicate)


def _file(path: Path) -> Json:
    return {"name": path.name, "digest": _sha256(digest_of(path.read_bytes()))}


def _records(source: str, part: str, digest: Digest) -> Json:
    return {"name": f"{source}#{part}", "uri": source, "digest": _sha256(digest)}


def _package(name: str, version: str) -> Json:
    return {"name": name, "uri": f"pkg:pypi/{name}@{version}"}


def _sha256(digest: Digest) -> Json:
    return {"sha256": digest.removeprefix("sha256:")}


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
