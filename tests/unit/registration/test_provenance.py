"""Provenance names code, records and packages by digest, as SLSA v1 has it."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from turnpike.documents.identifiers import Digest
from turnpike.evidence.statement import PROVENANCE
from turnpike.registration.artifact_block import DataDigests
from turnpike.registration.provenance import (
    BUILD_TYPE,
    ROUTE_TYPE,
    Made,
    route_provenance,
    training_provenance,
)
from unit.registration.manifests import TRAIN_CODE, predictive, wine_folder

_DIGEST = Digest("sha256:" + "a" * 64)
_DATA = DataDigests(Digest("sha256:" + "b" * 64), Digest("sha256:" + "c" * 64))
_MADE = Made(
    "cellar/wine",
    _DIGEST,
    datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    datetime(2026, 1, 2, 3, 5, tzinfo=UTC),
)


def test_the_statement_is_about_the_artifact_and_names_all_that_went_into_it(
    tmp_path: Path,
) -> None:
    folder = wine_folder(tmp_path)
    statement = training_provenance(_MADE, predictive(), folder, _DATA, {"skops": "0.16.0"})
    definition: Any = statement.predicate["buildDefinition"]
    materials = {one["name"]: one for one in definition["resolvedDependencies"]}
    assert statement.predicate_type == PROVENANCE
    assert statement.is_about(_DIGEST)
    assert definition["buildType"] == BUILD_TYPE
    assert definition["externalParameters"] == {"model": "cellar/wine", "seed": 11}
    assert materials["train.py"]["digest"]["sha256"] == sha256(TRAIN_CODE.encode()).hexdigest()
    assert materials["sklearn:wine#training"]["digest"]["sha256"] == "b" * 64
    assert materials["sklearn:wine#validation"]["digest"]["sha256"] == "c" * 64
    assert materials["skops"]["uri"] == "pkg:pypi/skops@0.16.0"


def test_the_times_are_those_of_the_training() -> None:
    run: Any = route_provenance(_MADE, "cellar/wine").predicate["runDetails"]
    assert run["metadata"] == {
        "startedOn": "2026-01-02T03:04:05Z",
        "finishedOn": "2026-01-02T03:05:00Z",
    }


def test_a_route_has_no_materials() -> None:
    definition: Any = route_provenance(_MADE, "cellar/notes").predicate["buildDefinition"]
    assert (definition["buildType"], definition["resolvedDependencies"]) == (ROUTE_TYPE, [])
