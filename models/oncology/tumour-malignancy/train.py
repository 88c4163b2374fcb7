"""A logistic regression on standardised measurements: small, calibrated, easy to explain."""

from __future__ import annotations

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def train(features: pd.DataFrame, labels: pd.Series[int], seed: int) -> Pipeline:
    """Return the fitted classifier; class 1 is benign, class 0 malignant, as in the source."""
    model = make_pipeline(
        StandardScaler(),
        LogisticRegression(C=0.5, max_iter=1000, random_state=seed),
    )
    return model.fit(features, labels)
