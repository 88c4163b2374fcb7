"""What a team's ``data.py`` imports: the training records that the manifest beside it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from turnpike.datasets.declared import declared_data
from turnpike.datasets.table import DataTable
from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.manifest.model import MODEL, PredictiveModel

if TYPE_CHECKING:
    import pandas as pd


def training_split(beside: str | Path) -> tuple[pd.DataFrame, pd.Series]:
    """Return (features, labels) for training; call it as ``training_split(__file__)``.

    ``beside`` is any file in the model's folder. Features come in the order of the manifest's
    signature. Raises InputError where the manifest or its data block cannot be used.
    """
    path = Path(beside).parent / "model.yaml"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: expected the manifest, found {error.strerror}",
            code="manifest.missing",
            solution="Keep data.py beside model.yaml.",
        ) from error
    model = read(MODEL, content, str(path))
    if not isinstance(model, PredictiveModel):
        raise InputError(f"{path}: expected kind predictive, found generative", code="data.none")
    table = declared_data(model.data).training
    return frame_of(table, tuple(column.name for column in model.signature.inputs))


def frame_of(table: DataTable, features: tuple[str, ...]) -> tuple[pd.DataFrame, pd.Series]:
    """Return a table's features and labels as pandas objects."""
    import pandas as pd

    unknown = [name for name in features if name not in table.features]
    if unknown:
        raise InputError(
            f"signature.inputs: expected columns of {table.source}, found {unknown[0]!r}",
            code="signature.unknown-column",
            solution="Its columns are: " + ", ".join(table.features),
        )
    frame = pd.DataFrame(table.select(features), columns=list(features))
    return frame, pd.Series(table.column(table.label), name=table.label)
