"""The files of a predictive model, with the iris data as a placeholder that really trains."""

from __future__ import annotations

from turnpike.scaffold.subject import Subject, on_call


def predictive_manifest(subject: Subject) -> str:
    """Return the manifest: a draft, for `turnpike register` to complete."""
    return _HEAD.format(team=subject.team, name=subject.name, contact=subject.contact) + (
        on_call(subject) + _REST
    )


_HEAD = """\
# yaml-language-server: $schema=../../../docs/schemas/model.schema.json
#
# A draft. The data are a placeholder (iris, which scikit-learn ships) so that everything works at
# once; replace whatever says REPLACE, then run:
#   turnpike check models/{team}/{name}      what the gate would say
#   turnpike register models/{team}/{name}   trains, registers, writes the block `artifact`
apiVersion: turnpike.dev/v1
kind: predictive

# Name and team must equal the folder: models/<team>/<name>/.
name: {name}
team: {team}
description: "REPLACE: what the model tells, from what, for whom."
intendedUse: "REPLACE: who uses the answer, for which decision, and who decides."
outOfScopeUse: "REPLACE: what it must not be used for, even if it would seem to work."

# low, medium or high: the tier decides which evidence and whose approvals are needed.
riskTier: low # REPLACE
lifecycle: active

# People by their id in policies/data/organisation.yaml.
contacts:
  - person: {contact}
    role: data scientist

"""

_REST = """
# The contract with consumers: columns in this order, with inclusive bounds in the column's unit.
# Types: double, long, boolean, string. REPLACE with the columns of your data.
signature:
  inputs:
    - { name: sepal length (cm), type: double, minimum: 0.0, maximum: 20.0 }
    - { name: sepal width (cm), type: double, minimum: 0.0, maximum: 20.0 }
    - { name: petal length (cm), type: double, minimum: 0.0, maximum: 20.0 }
    - { name: petal width (cm), type: double, minimum: 0.0, maximum: 20.0 }
  outputs:
    - { name: species, type: long, minimum: 0.0, maximum: 2.0 }

# Where the records come from and under which terms. One source twice is split by fraction and
# seed; the held-out part stays with the platform. REPLACE source, licence and classification.
data:
  label: target
  training:
    source: "sklearn:iris"
    licence: CC-BY-4.0
    classification: public # public, internal, confidential or restricted
    residency: [EU] # jurisdictions in which the records may be held
  validation:
    source: "sklearn:iris"
    licence: CC-BY-4.0
    classification: public
    residency: [EU]
  validationFraction: 0.3
  splitSeed: 1

# What every version must show on the held-out records. REPLACE the task and the numbers.
validation:
  task: multiclass-classification # or binary-classification, regression
  thresholds: # floors; for log_loss, mae and rmse ceilings
    accuracy: 0.85
    f1_macro: 0.85
  slices: # parts of the records where it could fail unseen
    - name: short-petals
      column: petal length (cm)
      operator: "<"
      value: 4.5
      thresholds: { accuracy: 0.85 }
  margin: # how much worse than the version live in production a metric may be
    accuracy: 0.03
  seed: 1
  budget: # the most that one prediction may take
    latencyMilliseconds: 150.0
    memoryMebibytes: 1024.0
  checks: [plausibility] # the files in checks/

# The size of one replica where neither the environment nor the deployment says otherwise.
serving:
  runtime: mlserver
  resources:
    cpuMillicores: 250
    memoryMebibytes: 1024

# The promise to consumers; production admits no model without one.
slo:
  availabilityPercent: 99.0
  latencyP95Milliseconds: 300.0

# What is watched once it serves, and the applications that call it (add them as they come):
# monitoring:
#   drift:
#     - { feature: petal length (cm), statistic: psi, threshold: 0.2 }
# consumers:
#   - { application: the-application, contact: a-person, purpose: What it does with the answer. }
"""

DATA = '''\
"""REPLACE: what the records are, in one sentence."""

from __future__ import annotations

import pandas as pd

from turnpike.datasets import training_split


def load() -> tuple[pd.DataFrame, pd.Series[int]]:
    """Return features and labels to train on; the held-out records stay with the platform.

    Source, fraction and seed of the split stand in ``model.yaml``, under ``data``.
    """
    return training_split(__file__)
'''

TRAIN_SKOPS = '''\
"""REPLACE: why this kind of model, in one sentence."""

from __future__ import annotations

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def train(features: pd.DataFrame, labels: pd.Series[int], seed: int) -> Pipeline:
    """Return the fitted estimator; anything of scikit-learn, and no class of your own."""
    model = make_pipeline(
        StandardScaler(),
        LogisticRegression(max_iter=1000, random_state=seed),
    )
    return model.fit(features, labels)
'''

TRAIN_ONNX = '''\
"""REPLACE: why this kind of model, in one sentence; converted to ONNX."""

from __future__ import annotations

import pandas as pd
from onnx import ModelProto
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

OPSET = 21


def train(features: pd.DataFrame, labels: pd.Series[int], seed: int) -> ModelProto:
    """Return the fitted classifier as ONNX: ``features`` (n, columns) float32 in, ``label`` out."""
    model = make_pipeline(
        StandardScaler(),
        LogisticRegression(max_iter=1000, random_state=seed),
    ).fit(features.to_numpy(), labels)
    converted = convert_sklearn(
        model,
        name="model",
        initial_types=[("features", FloatTensorType([None, features.shape[1]]))],
        options={"zipmap": False},
        target_opset=OPSET,
    )
    # One output, so that a table of rows becomes a table of predictions of the same length.
    return select_model_inputs_outputs(converted, outputs=["label"])
'''

CHECK = '''\
"""REPLACE: what must hold for every version, beyond the metrics.

The validation calls every function named check_* in checks/*.py with the model's predictions and
some of its input rows; a failed assertion refuses the version, with its message as the reason.
"""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

CLASSES = (0, 1, 2)


def check_plausibility(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Every answer is one of the classes."""
    unknown = sorted({answer for answer in predict(data) if answer not in CLASSES})
    assert not unknown, f"expected only the classes {CLASSES}, got also {unknown[:5]}"
'''
