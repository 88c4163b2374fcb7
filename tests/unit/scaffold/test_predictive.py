from __future__ import annotations

import ast

import pytest

from turnpike.scaffold.predictive import CHECK, DATA, TRAIN_ONNX, TRAIN_SKOPS, predictive_manifest
from turnpike.scaffold.subject import Subject


@pytest.mark.parametrize("text", [CHECK, DATA, TRAIN_ONNX, TRAIN_SKOPS])
def test_every_python_file_tells_its_team_what_to_replace(text: str) -> None:
    assert (ast.get_docstring(ast.parse(text)) or "").startswith("REPLACE: ")


def test_the_manifest_names_the_two_next_commands() -> None:
    text = predictive_manifest(Subject("oncology", "one", "maria-lopez", ""))
    assert "turnpike check models/oncology/one " in text
    assert "turnpike register models/oncology/one " in text
