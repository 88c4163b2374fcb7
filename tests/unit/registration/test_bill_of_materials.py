"""The bill is a valid CycloneDX document that names model, records and packages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from turnpike.documents.identifiers import Digest
from turnpike.evidence.statement import BILL_OF_MATERIALS, Statement
from turnpike.registration.artifact_block import DataDigests
from turnpike.registration.bill_of_materials import bill_of_materials
from unit.registration.manifests import generative, predictive

_DIGEST = Digest("sha256:" + "a" * 64)
_DATA = DataDigests(Digest("sha256:" + "b" * 64), Digest("sha256:" + "c" * 64))
_NOW = datetime(2026, 1, 2, tzinfo=UTC)


def _bill() -> Statement:
    return bill_of_materials(predictive(), _DIGEST, _NOW, _DATA, {"skops": "0.16.0"})


def test_the_bill_is_valid_by_the_schema_of_its_version() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(_bill().predicate)) is None


def test_the_model_is_the_subject_by_its_digest() -> None:
    statement = _bill()
    component: Any = statement.predicate["metadata"]
    model = component["component"]
    assert statement.predicate_type == BILL_OF_MATERIALS
    assert statement.is_about(_DIGEST)
    assert (model["type"], model["group"], model["name"]) == (
        "machine-learning-model", "cellar", "wine",
    )  # fmt: skip
    assert model["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]


def test_records_stand_there_with_digest_and_licence_and_packages_with_their_url() -> None:
    components: Any = _bill().predicate["components"]
    parts = {part["name"]: part for part in components}
    training = parts["sklearn:wine#training"]
    assert training["type"] == "data"
    assert training["hashes"][0]["content"] == "b" * 64
    assert training["licenses"] == [{"license": {"name": "CC-BY-4.0"}}]
    assert parts["skops"]["purl"] == "pkg:pypi/skops@0.16.0"


def test_the_same_inputs_give_the_same_document() -> None:
    assert _bill() == _bill()


def test_a_route_has_no_records() -> None:
    statement = bill_of_materials(generative(), _DIGEST, _NOW, None, {})
    assert not statement.predicate.get("components")
