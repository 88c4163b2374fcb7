"""Two manifests with little in them: a classifier of wines, and a route."""

from __future__ import annotations

from pathlib import Path

from turnpike.documents.reading import read
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel

_HEAD = """\
# The manifest of a test.
apiVersion: turnpike.dev/v1
name: {name}
team: cellar
description: Tells wines apart.
intendedUse: Tests.
outOfScopeUse: Anything else.
riskTier: low # nobody is harmed
contacts:
  - {{ person: ann, role: owner }}
"""

WINE_MANIFEST = (
    _HEAD.format(name="wine")
    + """\
kind: predictive

# In this order.
signature:
  inputs:
    - { name: proline, type: double, minimum: 0.0, maximum: 2000.0 }
    - { name: alcohol, type: double }
  outputs:
    - { name: cultivar, type: long, minimum: 0.0, maximum: 2.0 }

data:
  label: target
  training:
    source: "sklearn:wine" # shipped with scikit-learn
    licence: CC-BY-4.0
    classification: public
    residency: [EU]
  validation:
    source: "sklearn:wine"
    licence: CC-BY-4.0
    classification: public
    residency: [EU]
  validationFraction: 0.3
  splitSeed: 7
validation:
  task: multiclass-classification
  thresholds: { accuracy: 0.6 }
  slices:
    - { name: strong, column: alcohol, operator: ">=", value: 13.0, thresholds: { accuracy: 0.5 } }
  margin: { accuracy: 0.05 }
  seed: 11
  budget: { latencyMilliseconds: 100.0, memoryMebibytes: 512.0 }
  checks: [plausibility]
serving:
  runtime: mlserver
  resources: { cpuMillicores: 100, memoryMebibytes: 128 }
"""
)

ROUTE_MANIFEST = (
    _HEAD.format(name="tasting-notes")
    + """\
kind: generative

# Another word here is another version.
route:
  provider: anthropic
  model: claude
  revision: "20250929"
  temperature: 0.0
  maxTokens: 100
  systemPrompt: Describe the wine.
  tokensPerMinute: 1000
serving:
  runtime: gateway
  resources: { cpuMillicores: 100, memoryMebibytes: 128 }
"""
)

DATA_CODE = """\
from turnpike.datasets import training_split


def load():
    return training_split(__file__)
"""

TRAIN_CODE = """\
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train(features, labels, seed):
    model = make_pipeline(StandardScaler(), LogisticRegression(random_state=seed))
    return model.fit(features, labels)
"""


def predictive(text: str = WINE_MANIFEST) -> PredictiveModel:
    """Return the manifest of the classifier, or of an edited text of it."""
    model = read(MODEL, text.encode(), "model.yaml")
    if not isinstance(model, PredictiveModel):
        raise TypeError(type(model))
    return model


def generative() -> GenerativeModel:
    """Return the manifest of the route."""
    model = read(MODEL, ROUTE_MANIFEST.encode(), "model.yaml")
    if not isinstance(model, GenerativeModel):
        raise TypeError(type(model))
    return model


def wine_folder(root: Path, train: str = TRAIN_CODE, data: str = DATA_CODE) -> Path:
    """Write the classifier's folder below ``root`` and return it."""
    folder = root / "models" / "cellar" / "wine"
    folder.mkdir(parents=True)
    (folder / "model.yaml").write_text(WINE_MANIFEST)
    (folder / "train.py").write_text(train)
    (folder / "data.py").write_text(data)
    return folder


def route_folder(root: Path) -> Path:
    """Write the route's folder below ``root`` and return it."""
    folder = root / "models" / "cellar" / "tasting-notes"
    folder.mkdir(parents=True)
    (folder / "model.yaml").write_text(ROUTE_MANIFEST)
    return folder
