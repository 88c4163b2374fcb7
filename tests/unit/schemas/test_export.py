"""The schemas in Git are what the documents say now, and they say what the documents enforce."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from turnpike.schemas.export import DOCUMENTS, FOLDER, export_schemas, schema_file

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / FOLDER


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(export_schemas()[schema_file(name)])
    return found


def environment() -> dict[str, Any]:
    content = (ROOT / "environments" / "dev" / "environment.yaml").read_bytes()
    found: dict[str, Any] = yaml.safe_load(content)
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_exporting_again_changes_nothing(name: str) -> None:
    file = schema_file(name)
    assert (SCHEMAS / file).read_text("utf-8") == export_schemas()[file]


def test_no_schema_is_left_of_a_document_that_is_gone() -> None:
    assert {file.name for file in SCHEMAS.iterdir()} == export_schemas().keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_a_document_that_is_read_also_passes_its_schema() -> None:
    assert list(Draft202012Validator(schema("environment")).iter_errors(environment())) == []


def test_an_unknown_field_passes_no_schema() -> None:
    value = environment() | {"soakMinutes": 5}
    [error] = Draft202012Validator(schema("environment")).iter_errors(value)
    assert "soakMinutes" in error.message


@pytest.mark.parametrize(
    "file", sorted((ROOT / "environments").glob("*/environment.yaml")), ids=str
)
def test_the_first_line_of_an_environment_leads_to_its_schema(file: Path) -> None:
    first = file.read_text("utf-8").partition("\n")[0]
    target = file.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert target.resolve() == SCHEMAS / schema_file("environment")
