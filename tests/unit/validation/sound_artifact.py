"""An artifact of the wine classifier as registering writes it, made without MLflow."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.manifest.model import PredictiveModel
from turnpike.registry.artifact_digest import artifact_digest
from unit.registration.manifests import WINE_MANIFEST, predictive

_BLOCK = """\
artifact:
  registryModel: cellar.wine
  version: "1"
  digest: {digest}
  format: {form}
"""

_INPUTS = json.dumps(
    [
        {"type": "double", "name": "proline", "required": True},
        {"type": "double", "name": "alcohol", "required": True},
    ]
)
_OUTPUTS = json.dumps([{"type": "long", "name": "cultivar", "required": True}])

_SKOPS_FLAVORS = """\
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.skops
    predict_fn: predict
    python_version: 3.11.7
  sklearn:
    code: null
    pickled_model: model.skops
    serialization_format: skops
    sklearn_version: 1.9.1
    skops_trusted_types: null
"""

_ONNX_FLAVORS = """\
flavors:
  onnx:
    code: null
    data: model.onnx
    onnx_session_options: null
    onnx_version: 1.23.2
    providers:
    - CPUExecutionProvider
  python_function:
    data: model.onnx
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.onnx
    python_version: 3.11.7
"""

_REST = f"""\
is_signature_from_type_hint: false
mlflow_version: 3.17.2
model_id: null
model_size_bytes: 1234
model_uuid: null
prompts: null
saved_input_example_info:
  artifact_path: input_example.json
  pandas_orient: split
  serving_input_path: serving_input_example.json
  type: dataframe
signature:
  inputs: '{_INPUTS}'
  outputs: '{_OUTPUTS}'
  params: null
type_hint_from_example: false
utc_time_created: '1980-01-01 00:00:00'
"""

SKOPS_MLMODEL = _SKOPS_FLAVORS + _REST
ONNX_MLMODEL = _ONNX_FLAVORS + _REST

COMPANIONS = {
    "conda.yaml": """\
channels:
- conda-forge
dependencies:
- python=3.11.7
- pip<=23.2.1
- pip:
  - mlflow==3.17.2
  - scikit-learn==1.9.1
name: mlflow-env
""",
    "input_example.json": '{"columns": ["proline", "alcohol"], "data": [[700.0, 13.0]]}',
    "python_env.yaml": """\
python: 3.11.7
build_dependencies:
- pip==23.2.1
- setuptools==65.5.0
- wheel
dependencies:
- -r requirements.txt
""",
    "requirements.txt": "mlflow==3.17.2\nscikit-learn==1.9.1",
    "serving_input_example.json": '{"dataframe_split": {}}',
}


@lru_cache(maxsize=1)
def skops_bytes() -> bytes:
    """Return a real classifier, as skops writes it."""
    import skops.io
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]], [0, 1, 2])
    dumped: bytes = skops.io.dumps(model)
    return dumped


def skops_artifact(folder: Path, **changed: bytes) -> Path:
    """Write a sound skops artifact; ``changed`` replaces files by their name without suffix."""
    return _write(
        folder, {"MLmodel": SKOPS_MLMODEL.encode(), "model.skops": skops_bytes()}, changed
    )


def onnx_artifact(folder: Path, **changed: bytes) -> Path:
    """Write a sound ONNX artifact; ``changed`` replaces files by their name without suffix."""
    files = {"MLmodel": ONNX_MLMODEL.encode(), "model.onnx": onnx_bytes()}
    return _write(folder, files, changed)


def onnx_bytes() -> bytes:
    """Return a graph that hands on its input."""
    from onnx import TensorProto, helper

    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "cellar.wine",
        [value("x", TensorProto.FLOAT, [None, 2])],
        [value("y", TensorProto.FLOAT, [None, 2])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
    dumped: bytes = model.SerializeToString()
    return dumped


def model_of(artifact: Path, form: str = "skops") -> PredictiveModel:
    """Return the manifest that names this very artifact."""
    return named(artifact_digest(artifact), form)


def named(digest: Digest, form: str = "skops", text: str = WINE_MANIFEST) -> PredictiveModel:
    """Return the manifest with an artifact block."""
    return predictive(text + _BLOCK.format(digest=digest, form=form))


def _write(folder: Path, files: dict[str, bytes], changed: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    companions = {name: text.encode() for name, text in COMPANIONS.items()}
    for name, content in (files | companions).items():
        (folder / name).write_bytes(changed.get(name.partition(".")[0], content))
    return folder
