"""What the two runs are asked, and the labels that stay on this side to score the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from turnpike.datasets.declared import declared_data
from turnpike.datasets.table import DataTable, digest_of_table
from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.validation import Validation
from turnpike.scoring.metrics import NEEDS_PROBABILITIES
from turnpike.scoring.records import Records
from turnpike.validation.programs import OutputKind, ProgramRequest, RequestColumn
from turnpike.validation.robustness import robustness_cases

ArtifactFormat = Literal["skops", "onnx"]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The held-out records: ``request`` has their features alone, ``records`` the labels too."""

    request: ProgramRequest
    records: Records
    digest: Digest


def held_out(model: PredictiveModel, artifact_format: ArtifactFormat) -> HeldOut:
    """Return the held-out records of a manifest.

    Raises InputError where its data block or signature does not fit the data set it names, or pins
    other records.
    """
    table = declared_data(model.data).validation
    digest = digest_of_table(table)
    _require(model, "data.validation.digest", digest, model.data.validation.digest)
    _require(model, "validation.task", table.task, model.validation.task)
    columns = MappingProxyType({name: table.column(name) for name in table.features})
    records = Records(columns, table.column(table.label))
    return HeldOut(_request(model, artifact_format, table), records, digest)


def _request(
    model: PredictiveModel, artifact_format: ArtifactFormat, table: DataTable
) -> ProgramRequest:
    rows = table.select(tuple(_names(model, table)))
    return ProgramRequest(
        format=artifact_format,
        columns=tuple(
            RequestColumn(name=column.name, type=column.type, required=column.required)
            for column in model.signature.inputs
        ),
        rows=rows,
        output_kind=output_kind(model.validation, artifact_format),
        robustness=robustness_cases(model.signature, rows[0]),
    )


def output_kind(validation: Validation, artifact_format: ArtifactFormat) -> OutputKind:
    """Return what to ask a model for: probabilities of classes, or its plain answers.

    An ONNX classifier may have been saved without probabilities, and is asked for them only where
    one of its metrics needs them.
    """
    if validation.task == "regression":
        return "values"
    wanted = {*validation.thresholds, *validation.margin}
    wanted |= {metric for part in validation.slices for metric in part.thresholds}
    if artifact_format == "onnx" and not wanted & NEEDS_PROBABILITIES:
        return "values"
    return "classes"


def _names(model: PredictiveModel, table: DataTable) -> Iterator[str]:
    """Yield the declared inputs, each of which must be a column of the set, of the same type."""
    types = dict(zip(table.columns, table.types, strict=True))
    for column in model.signature.inputs:
        field = f"signature.inputs {column.name}"
        found = types.get(column.name) if column.name in table.features else "no such column"
        _require(model, field, found, column.type)
        yield column.name


def _require(model: PredictiveModel, field: str, expected: object, found: object) -> None:
    if expected != found:
        raise InputError(
            f"models/{model.key}/model.yaml {field}: expected {expected}, as the data set has it, "
            f"found {found if found is not None else 'nothing'}",
            code="validation.data",
            solution=f"Correct the field, or run `turnpike register models/{model.key}` again.",
        )
