"""A softmax regression on the pixels, converted to ONNX so that it runs without scikit-learn."""

from __future__ import annotations

import pandas as pd
from onnx import ModelProto
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler

OPSET = 21


def train(features: pd.DataFrame, labels: pd.Series[int], seed: int) -> ModelProto:
    """Return the classifier as ONNX: ``pixels`` (n, 64) float32 in, ``label`` (n,) int64 out."""
    classifier = make_pipeline(
        MinMaxScaler(),
        LogisticRegression(C=2.0, max_iter=1000, random_state=seed),
    )
    return _as_onnx(classifier.fit(features.to_numpy(), labels), columns=features.shape[1])


def _as_onnx(classifier: Pipeline, columns: int) -> ModelProto:
    converted = convert_sklearn(
        classifier,
        name="label-digit-reader",
        initial_types=[("pixels", FloatTensorType([None, columns]))],
        options={"zipmap": False},
        target_opset=OPSET,
    )
    # One output, so that a table of rows becomes a table of predictions of the same length.
    return select_model_inputs_outputs(converted, outputs=["label"])
