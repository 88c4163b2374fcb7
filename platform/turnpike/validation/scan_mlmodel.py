"""Reads ``MLmodel`` as strictly as our own documents: it may point at the model, at no code."""

from __future__ import annotations

import json
from typing import ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from turnpike.documents.document import Part
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.manifest.signature import Column, ColumnType, Signature
from turnpike.registry.trusted_types import TRUSTED_TYPES
from turnpike.validation.refused_file import RefusedFile

_LIMIT = 4 * 1024 * 1024


class _Snake(Part):
    """A part whose fields are spelt as MLflow spells them."""

    model_config: ClassVar[ConfigDict] = ConfigDict(alias_generator=None)


class _Environment(_Snake):
    conda: Literal["conda.yaml"]
    virtualenv: Literal["python_env.yaml"]


class _SkopsFunction(_Snake):
    env: _Environment
    loader_module: Literal["mlflow.sklearn"]
    model_path: Literal["model.skops"]
    predict_fn: Literal["predict"]
    python_version: str
    code: None = None


class _Sklearn(_Snake):
    code: None = None
    pickled_model: Literal["model.skops"]
    serialization_format: Literal["skops"]
    sklearn_version: str
    skops_trusted_types: tuple[str, ...] | None


class _SkopsFlavors(_Snake):
    python_function: _SkopsFunction
    sklearn: _Sklearn


class _OnnxFunction(_Snake):
    data: Literal["model.onnx"]
    env: _Environment
    loader_module: Literal["mlflow.onnx"]
    python_version: str
    code: None = None


class _Onnx(_Snake):
    code: None = None
    data: Literal["model.onnx"]
    onnx_session_options: None = None
    onnx_version: str
    providers: tuple[Literal["CPUExecutionProvider"], ...]


class _OnnxFlavors(_Snake):
    onnx: _Onnx
    python_function: _OnnxFunction


class _Example(_Snake):
    artifact_path: Literal["input_example.json"]
    pandas_orient: Literal["split"]
    serving_input_path: Literal["serving_input_example.json"]
    type: Literal["dataframe"]


class _Signature(_Snake):
    inputs: str
    outputs: str
    params: None = None


class _Body(_Snake):
    is_signature_from_type_hint: Literal[False]
    mlflow_version: str
    model_id: None = None
    model_size_bytes: int = Field(ge=0)
    model_uuid: None = None
    prompts: None = None
    saved_input_example_info: _Example
    signature: _Signature
    type_hint_from_example: Literal[False]
    utc_time_created: str


class _SkopsModel(_Body):
    flavors: _SkopsFlavors


class _OnnxModel(_Body):
    flavors: _OnnxFlavors


class _SavedColumn(_Snake):
    type: ColumnType
    name: str
    required: bool


_SKOPS: TypeAdapter[_SkopsModel] = TypeAdapter(_SkopsModel)
_ONNX: TypeAdapter[_OnnxModel] = TypeAdapter(_OnnxModel)
_COLUMNS: TypeAdapter[tuple[_SavedColumn, ...]] = TypeAdapter(tuple[_SavedColumn, ...])


def check_mlmodel(content: bytes, artifact_format: str, signature: Signature) -> None:
    """Raise RefusedFile unless ``MLmodel`` is what registering writes for this manifest."""
    try:
        model: _SkopsModel | _OnnxModel
        if artifact_format == "onnx":
            model = read(_ONNX, content, "MLmodel", limit=_LIMIT)
        else:
            model = read(_SKOPS, content, "MLmodel", limit=_LIMIT)
            _check_trusted(model.flavors.sklearn.skops_trusted_types or ())
    except InvalidDocument as error:
        first = error.problems[0]
        where = f"{first.field or 'the file'} (line {first.line})"
        raise RefusedFile(f"{where}: {first.expected}", first.actual) from error
    _check_columns("inputs", model.signature.inputs, signature.inputs)
    _check_columns("outputs", model.signature.outputs, signature.outputs)


def _check_trusted(types: tuple[str, ...]) -> None:
    if unknown := sorted(set(types) - TRUSTED_TYPES):
        raise RefusedFile("only types that can be loaded safely", ", ".join(unknown))


def _check_columns(side: str, saved: str, declared: tuple[Column, ...]) -> None:
    wanted = tuple((column.type, column.name, column.required) for column in declared)
    try:
        columns = _COLUMNS.validate_json(saved)
    except ValueError as error:
        raise RefusedFile(f"the {side} as named columns", saved[:120]) from error
    found = tuple((column.type, column.name, column.required) for column in columns)
    if found != wanted:
        strange = next((c for c in found if c not in wanted), "another order or number")
        raise RefusedFile(f"the manifest's {side}", json.dumps(strange))
