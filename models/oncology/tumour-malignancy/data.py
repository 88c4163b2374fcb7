"""Records of fine-needle aspirates, from the data set that scikit-learn ships."""

from __future__ import annotations

import pandas as pd

from turnpike.datasets import training_split


def load() -> tuple[pd.DataFrame, pd.Series[int]]:
    """Return features and labels to train on; the held-out records stay with the platform.

    Source, fraction and seed of the split stand in ``model.yaml``, under ``data``.
    """
    return training_split(__file__)
