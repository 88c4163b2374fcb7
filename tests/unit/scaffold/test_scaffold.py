from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.datasets.declared import declared_data
from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.judge.consistency import BUILD_TEXT
from turnpike.judge.layout import is_model_file
from turnpike.manifest.model import MODEL, PredictiveModel
from turnpike.registration.team_code import load_data, train
from turnpike.scaffold.scaffold import Kind, Request, scaffold
from unit.scaffold.company import small_company

FOLDER = "models/oncology/readmission-risk"


def files(kind: Kind = "predictive", team: str = "oncology") -> dict[str, str]:
    return dict(scaffold(Request(team, "readmission-risk", kind), small_company()))


@pytest.mark.parametrize("kind", ["predictive", "generative"])
def test_the_manifest_is_a_draft_of_the_asked_kind(kind: Kind) -> None:
    content = files(kind)[f"{FOLDER}/model.yaml"].encode()
    model = read(MODEL, content, "model.yaml")
    assert (model.key, model.kind) == ("oncology/readmission-risk", kind)
    assert model.artifact is None
    assert model.contacts[0].person == "maria-lopez"
    assert model.on_call is not None
    assert model.on_call.rotation == "oncology-on-call"


@pytest.mark.parametrize("kind", ["predictive", "generative"])
def test_the_judge_allows_every_file_of_a_scaffold(kind: Kind) -> None:
    found = files(kind)
    assert all(is_model_file(path) for path in found)
    assert found[f"{FOLDER}/BUILD"] == BUILD_TEXT


@pytest.mark.parametrize("artifact_format", ["skops", "onnx"])
def test_a_predictive_scaffold_trains_and_its_check_holds(
    artifact_format: str, tmp_path: Path
) -> None:
    request = Request("oncology", "readmission-risk", "predictive", artifact_format)  # type: ignore[arg-type]
    for path, text in scaffold(request, small_company()).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    folder = tmp_path / FOLDER
    model = read(MODEL, (folder / "model.yaml").read_bytes(), "model.yaml")
    assert isinstance(model, PredictiveModel)
    features, labels = load_data(folder, model)
    trained = train(folder, model, features, labels)
    assert type(trained).__name__ == {"skops": "Pipeline", "onnx": "ModelProto"}[artifact_format]


def test_every_slice_of_the_scaffold_has_held_out_records() -> None:
    model = read(MODEL, files()[f"{FOLDER}/model.yaml"].encode(), "model.yaml")
    assert isinstance(model, PredictiveModel)
    held_out = declared_data(model.data).validation
    (short,) = model.validation.slices
    assert sum(float(cell) < float(short.value) for cell in held_out.column(short.column)) >= 10


def test_a_team_without_a_rotation_gets_the_block_as_a_comment() -> None:
    written = scaffold(Request("sleepy", "one"), small_company())
    found = written["models/sleepy/one/model.yaml"]
    assert read(MODEL, found.encode(), "model.yaml").on_call is None
    assert "# onCall:" in found


@pytest.mark.parametrize(
    ("team", "name", "said"),
    [
        ("nobody", "one", "expected one of oncology, sleepy, unstaffed, found 'nobody'"),
        ("unstaffed", "one", "expected one whose group has members"),
        ("oncology", "Not A Name", "expected lower-case words"),
        ("oncology", "../escape", "expected lower-case words"),
        ("oncology", "a--b", "expected lower-case words"),
        ("oncology", "a" * 41, "at most 40 characters"),
    ],
)
def test_a_folder_that_could_never_pass_is_not_scaffolded(team: str, name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        scaffold(Request(team, name), small_company())
    assert said in caught.value.message
