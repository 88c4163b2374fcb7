"""The allow-list lets in what registering writes; what is hostile is refused by its content."""

from __future__ import annotations

import io
import pickle
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.errors import InputError
from turnpike.evidence.predicates import Check, ScanResult
from turnpike.manifest.model import GenerativeModel, RouteArtifact
from turnpike.validation.scan import scan
from unit.registration.manifests import generative, predictive
from unit.validation.sound_artifact import (
    ONNX_MLMODEL,
    SKOPS_MLMODEL,
    model_of,
    named,
    onnx_artifact,
    skops_artifact,
)

_NOW = datetime(2026, 1, 2, tzinfo=UTC)
_ANY = "sha256:" + "a" * 64


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, ("true",)


_PICKLES = [pickle.dumps(_Evil(), protocol=protocol) for protocol in range(6)]


def _scan(artifact: Path, form: str = "skops") -> ScanResult:
    return scan(named(_ANY, form), artifact, lambda: _NOW)  # type: ignore[arg-type]


def _failed(result: ScanResult) -> dict[str, Check]:
    return {check.name: check for check in result.checks if not check.passed}


def test_a_sound_skops_artifact_passes_every_check(tmp_path: Path) -> None:
    artifact = skops_artifact(tmp_path / "a")
    model = model_of(artifact)
    result = scan(model, artifact, lambda: _NOW, preview=True)
    assert _failed(result) == {}
    assert result.validation_view == model.validation_view()
    assert (result.finished_at, result.preview) == (_NOW, True)


def test_a_sound_onnx_artifact_passes_every_check(tmp_path: Path) -> None:
    assert _failed(_scan(onnx_artifact(tmp_path / "a"), "onnx")) == {}


def test_an_artifact_of_the_other_format_is_refused(tmp_path: Path) -> None:
    assert "files" in _failed(_scan(onnx_artifact(tmp_path / "a"), "skops"))


_NAMES = ("MLmodel", "model", "conda", "python_env", "requirements", "input_example")
_STRANGE = (*_PICKLES, b"", b"\x00" * 20, b"<html></html>")


@pytest.mark.parametrize(
    ("name", "content"),
    # Only the list of requirements may be empty: a model may need no packages.
    [(n, c) for n in _NAMES for c in _STRANGE if (n, c) != ("requirements", b"")],
)
def test_no_file_may_hold_a_pickle_or_anything_else_than_its_format(
    tmp_path: Path, name: str, content: bytes
) -> None:
    artifact = skops_artifact(tmp_path / "a", **{name: content})
    assert any(failed.startswith(f"content of {name}") for failed in _failed(_scan(artifact)))


@pytest.mark.parametrize("name", ["model.pkl", "code", "loader.py", ".hidden", "MLmodel.bak"])
def test_any_further_file_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    artifact = skops_artifact(tmp_path / "a")
    (artifact / name).write_bytes(b"harmless")
    assert "files" in _failed(_scan(artifact))


def test_a_folder_of_code_is_refused(tmp_path: Path) -> None:
    artifact = skops_artifact(tmp_path / "a")
    (artifact / "code").mkdir()
    (artifact / "code" / "loader.py").write_text("import os")
    assert "files" in _failed(_scan(artifact))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    artifact = skops_artifact(tmp_path / "a")
    (artifact / "input_example.json").unlink()
    assert "files" in _failed(_scan(artifact))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("loader_module: mlflow.sklearn", "loader_module: loader"),
        ("loader_module: mlflow.sklearn", "loader_module: mlflow.pyfunc.model"),
        ("    code: null", "    code: code"),
        ("    predict_fn: predict", "    predict_fn: predict\n    code: code"),
        ("serialization_format: skops", "serialization_format: cloudpickle"),
        ("pickled_model: model.skops", "pickled_model: model.pkl"),
        ("model_path: model.skops", "model_path: ../other"),
        ("skops_trusted_types: null", "skops_trusted_types: [os.system]"),
        ("model_id: null", "model_id: null\nenv_vars: [TOKEN]"),
        ("flavors:", "flavors:\n  python_function: {}"),
        ("  sklearn:", "  keras: {}\n  sklearn:"),
        ('"name": "proline"', '"name": "sugar"'),
        ('"type": "long"', '"type": "double"'),
    ],
)
def test_an_mlmodel_that_points_at_anything_else_is_refused(
    tmp_path: Path, old: str, new: str
) -> None:
    assert old in SKOPS_MLMODEL
    changed = SKOPS_MLMODEL.replace(old, new, 1).encode()
    artifact = skops_artifact(tmp_path / "a", MLmodel=changed)
    assert set(_failed(_scan(artifact))) == {"content of MLmodel"}


def test_an_onnx_mlmodel_that_asks_for_session_options_is_refused(tmp_path: Path) -> None:
    changed = ONNX_MLMODEL.replace(
        "onnx_session_options: null", "onnx_session_options: {extra_session_config: {a: b}}"
    )
    artifact = onnx_artifact(tmp_path / "a", MLmodel=changed.encode())
    assert set(_failed(_scan(artifact, "onnx"))) == {"content of MLmodel"}


def test_the_scanner_is_a_line_of_its_own(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("weights.pkl", _PICKLES[2])
    artifact = skops_artifact(tmp_path / "a", model=packed.getvalue())
    assert {"content of model.skops", "scanner"} <= set(_failed(_scan(artifact)))


def test_a_refusal_says_what_was_expected_and_found(tmp_path: Path) -> None:
    changed = SKOPS_MLMODEL.replace("loader_module: mlflow.sklearn", "loader_module: loader")
    found = _failed(_scan(skops_artifact(tmp_path / "a", MLmodel=changed.encode())))
    check = found["content of MLmodel"]
    assert "loader_module" in check.expected
    assert "mlflow.sklearn" in check.expected
    assert check.actual == '"loader"'


def test_what_an_artifact_says_reaches_no_terminal_unescaped(tmp_path: Path) -> None:
    artifact = skops_artifact(tmp_path / "a", requirements=b"\x1b[2Jevil\x07")
    check = _failed(_scan(artifact))["content of requirements.txt"]
    assert check.actual.isprintable()


def test_a_route_is_the_canonical_document_of_its_manifest(tmp_path: Path) -> None:
    model = _registered_route()
    (tmp_path / "route.json").write_bytes(canonical_document(model.route))
    assert _failed(scan(model, tmp_path, lambda: _NOW)) == {}
    (tmp_path / "route.json").write_bytes(canonical_document(model.route) + b" ")
    assert "content of route.json" in _failed(scan(model, tmp_path, lambda: _NOW))


def _registered_route() -> GenerativeModel:
    model = generative()
    block = RouteArtifact(
        registry_model="cellar.tasting-notes",
        version="1",
        digest=model.route_digest(),
        format="route",
    )
    return model.model_copy(update={"artifact": block})


def test_a_draft_has_nothing_to_scan(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        scan(predictive(), tmp_path, lambda: _NOW)
    assert refusal.value.code == "artifact.draft"
