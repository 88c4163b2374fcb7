"""Reads the files that say what a model needs: pinned packages by name, and nothing else."""

from __future__ import annotations

import json
import re
from typing import ClassVar, Literal

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter

from turnpike.documents.document import Part
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.validation.refused_file import RefusedFile

_PIN = r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.!+_-]*"
_TOOL = r"(pip|setuptools|wheel)([=<>]{1,2}[0-9][0-9A-Za-z.]*)?"


class _Pip(Part):
    pip: tuple[str, ...]


class _Conda(Part):
    channels: tuple[Literal["conda-forge"], ...]
    dependencies: tuple[str | _Pip, ...]
    name: Literal["mlflow-env"]


class _Virtualenv(Part):
    model_config: ClassVar[ConfigDict] = ConfigDict(alias_generator=None)

    python: str = Field(pattern=r"^3\.[0-9]+\.[0-9]+$")
    build_dependencies: tuple[str, ...]
    dependencies: tuple[Literal["-r requirements.txt"], ...]


_CONDA: TypeAdapter[_Conda] = TypeAdapter(_Conda)
_VIRTUALENV: TypeAdapter[_Virtualenv] = TypeAdapter(_Virtualenv)


def check_requirements(content: bytes) -> None:
    """Raise RefusedFile unless every line pins one package of the index."""
    for line in _text(content).splitlines():
        _require(_PIN, line, "name==version on every line")


def check_conda(content: bytes) -> None:
    """Raise RefusedFile unless the file names pinned packages alone."""
    try:
        document = read(_CONDA, content, "conda.yaml")
    except InvalidDocument as error:
        raise _refused(error) from error
    for entry in document.dependencies:
        if isinstance(entry, str):
            _require(rf"python=3[0-9.]+|{_TOOL}", entry, "python and its tools")
        else:
            for line in entry.pip:
                _require(_PIN, line, "name==version")


def check_python_env(content: bytes) -> None:
    """Raise RefusedFile unless the file names a Python and its build tools alone."""
    try:
        document = read(_VIRTUALENV, content, "python_env.yaml")
    except InvalidDocument as error:
        raise _refused(error) from error
    for entry in document.build_dependencies:
        _require(_TOOL, entry, "pip, setuptools or wheel")


def check_json(content: bytes) -> None:
    """Raise RefusedFile unless the bytes are one JSON object of rows."""
    try:
        value: JsonValue = json.loads(_text(content))
    except (ValueError, RecursionError) as error:
        raise RefusedFile("JSON", str(error)) from error
    if not isinstance(value, dict):
        raise RefusedFile("a JSON object", type(value).__name__)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedFile("text", "other bytes") from error


def _require(pattern: str, text: str, expected: str) -> None:
    if not re.fullmatch(pattern, text):
        raise RefusedFile(expected, repr(text[:80]))


def _refused(error: InvalidDocument) -> RefusedFile:
    first = error.problems[0]
    return RefusedFile(f"{first.field or 'the file'}: {first.expected}", first.actual)
