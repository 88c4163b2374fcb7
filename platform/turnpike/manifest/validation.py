"""What a version must show before it may be merged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from turnpike.documents.document import Part
from turnpike.documents.identifiers import Name, ShortText

Metric = Literal[
    "accuracy", "balanced_accuracy", "f1_macro", "log_loss", "mae", "r2", "recall", "rmse",
    "roc_auc",
]  # fmt: skip
Operator = Literal["==", "<", "<=", ">", ">="]

LOWER_IS_BETTER: frozenset[str] = frozenset(("log_loss", "mae", "rmse"))


class Slice(Part):
    """A part of the validation records, picked by one column, with thresholds of its own."""

    name: ShortText
    column: ShortText
    operator: Operator
    value: float | str
    thresholds: dict[Metric, float] = Field(min_length=1)


class Budget(Part):
    """The most that one prediction may take, measured inside the validation container."""

    latency_milliseconds: float = Field(gt=0, le=60_000)
    memory_mebibytes: float = Field(gt=0, le=65_536)


class Validation(Part):
    """Thresholds by metric (a floor, or a ceiling where lower is better), slices and budgets.

    ``margin`` is how much worse than the version live in production a metric may be.
    """

    task: Literal["binary-classification", "multiclass-classification", "regression"]
    thresholds: dict[Metric, float] = Field(min_length=1)
    slices: tuple[Slice, ...] = ()
    margin: dict[Metric, float] = Field(min_length=1)
    seed: int = Field(ge=0, le=2**31 - 1)
    budget: Budget
    checks: tuple[Name, ...] = ()
