"""Lists what an artifact is made of: a CycloneDX 1.6 ML-BOM of model, records and packages."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from turnpike.documents.identifiers import Digest
from turnpike.evidence.statement import BILL_OF_MATERIALS, Statement, statement_about
from turnpike.manifest.data import DataSet
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.registration.artifact_block import DataDigests

if TYPE_CHECKING:
    from cyclonedx.model.component import Component


def bill_of_materials(
    model: PredictiveModel | GenerativeModel,
    digest: Digest,
    moment: datetime,
    data: DataDigests | None,
    packages: dict[str, str],
) -> Statement:
    """Return the bill of materials of one artifact; the same inputs give the same document.

    ``packages`` are the versions of what the model needs to run, by the package's name.
    """
    from cyclonedx.model.bom import Bom
    from cyclonedx.output.json import JsonV1Dot6

    subject = _model(model, digest)
    parts = [*_records(model, data), *(_package(*pair) for pair in sorted(packages.items()))]
    bom = Bom(components=parts, serial_number=uuid5(NAMESPACE_URL, digest))
    bom.metadata.component = subject
    bom.metadata.timestamp = moment
    bom.register_dependency(subject, parts)
    predicate = json.loads(JsonV1Dot6(bom).output_as_string())
    return statement_about(model.key, digest, BILL_OF_MATERIALS, predicate)


def _model(model: PredictiveModel | GenerativeModel, digest: Digest) -> Component:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType

    return Component(
        type=ComponentType.MACHINE_LEARNING_MODEL,
        name=model.name,
        group=model.team,
        description=model.description,
        bom_ref=digest,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest.removeprefix("sha256:"))],
    )


def _records(
    model: PredictiveModel | GenerativeModel, data: DataDigests | None
) -> tuple[Component, ...]:
    if data is None or isinstance(model, GenerativeModel):
        return ()
    return (
        _record_set("training", model.data.training, data.training),
        _record_set("validation", model.data.validation, data.validation),
    )


def _record_set(part: str, declared: DataSet, digest: Digest) -> Component:
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import DisjunctiveLicense

    return Component(
        type=ComponentType.DATA,
        name=f"{declared.source}#{part}",
        bom_ref=f"{part}:{digest}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest.removeprefix("sha256:"))],
        licenses=[DisjunctiveLicense(name=declared.licence)],
    )


def _package(name: str, version: str) -> Component:
    from cyclonedx.model.component import Component, ComponentType
    from packageurl import PackageURL

    url = PackageURL("pypi", name=name, version=version)
    return Component(
        type=ComponentType.LIBRARY, name=name, version=version, purl=url, bom_ref=str(url)
    )
