"""What a model needs is a list of pinned packages, and can fetch or run nothing."""

from __future__ import annotations

import pytest

from turnpike.validation.refused_file import RefusedFile
from turnpike.validation.scan_environment import (
    check_conda,
    check_json,
    check_python_env,
    check_requirements,
)
from unit.validation.sound_artifact import COMPANIONS

_CONDA = COMPANIONS["conda.yaml"]
_PYTHON_ENV = COMPANIONS["python_env.yaml"]


def test_what_registering_writes_passes() -> None:
    check_requirements(COMPANIONS["requirements.txt"].encode())
    check_conda(_CONDA.encode())
    check_python_env(_PYTHON_ENV.encode())
    check_json(COMPANIONS["input_example.json"].encode())


@pytest.mark.parametrize(
    "line",
    [
        "scikit-learn",
        "scikit-learn>=1.0",
        "evil @ https://evil.example/evil.whl",
        "git+https://evil.example/evil.git",
        "--index-url https://evil.example",
        "-e .",
        "./evil",
        "a==1.0 ; python_version < '4'",
        "",
    ],
)
def test_a_requirement_that_is_no_pin_is_refused(line: str) -> None:
    with pytest.raises(RefusedFile):
        check_requirements(f"numpy==2.0\n{line}\nskops==0.16".encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("conda-forge", "https://evil.example"),
        ("- python=3.11.7", "- evil"),
        ("mlflow==3.17.2", "git+https://evil.example/x"),
        ("name: mlflow-env", "name: mlflow-env\nprefix: /"),
    ],
)
def test_a_conda_file_that_names_anything_else_is_refused(old: str, new: str) -> None:
    with pytest.raises(RefusedFile):
        check_conda(_CONDA.replace(old, new).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [("-r requirements.txt", "-r ../x.txt"), ("- wheel", "- evil"), ("3.11.7", "3.11.7; rm")],
)
def test_a_python_env_that_names_anything_else_is_refused(old: str, new: str) -> None:
    with pytest.raises(RefusedFile):
        check_python_env(_PYTHON_ENV.replace(old, new).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"1", b"\xff", b"[" * 100_000])
def test_an_example_that_is_no_json_object_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFile):
        check_json(content)
