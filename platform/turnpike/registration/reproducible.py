"""Makes saved bytes depend on the model alone, so that the same training gives the same digest.

skops names its arrays and objects after memory addresses and stamps its zip with the time; MLflow
writes a random id, the time and a size into ``MLmodel``. None of it says anything of the model.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

if TYPE_CHECKING:
    from onnx import ModelProto

EPOCH = "1980-01-01 00:00:00"
"""The moment that stands in for the time of saving: the earliest that a zip file can hold."""

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_SCHEMA = "schema.json"


@dataclass(slots=True)
class _Names:
    """New names for object ids and files, in the order in which the schema mentions them."""

    ids: dict[int, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def id(self, old: int) -> int:
        return self.ids.setdefault(old, len(self.ids) + 1)

    def file(self, old: str) -> str:
        suffix = Path(old).suffix
        return self.files.setdefault(old, f"{len(self.files) + 1}{suffix}")


def normalise_skops(path: Path) -> None:
    """Rewrite a skops file in place: same objects, names and times that repeat."""
    with zipfile.ZipFile(path) as archive:
        names = _Names()
        schema = _renamed(json.loads(archive.read(_SCHEMA)), names)
        entries = {new: archive.read(old) for old, new in names.files.items()}
    entries[_SCHEMA] = json.dumps(schema, separators=(",", ":")).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), content)


def normalise_onnx(model: ModelProto, name: str) -> None:
    """Name the graph after the model, where skl2onnx names it at random, and sort its opsets.

    Types that follow from the operators are written out, since a selected output has lost its own.
    """
    from onnx.shape_inference import infer_shapes

    model.CopyFrom(infer_shapes(model))
    model.graph.name = name
    ordered = sorted(model.opset_import, key=lambda opset: opset.domain)
    del model.opset_import[:]
    model.opset_import.extend(ordered)


def _renamed(value: JsonValue, names: _Names) -> JsonValue:
    """Return a node of the schema with its ids and files renamed, depth first."""
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    is_node = isinstance(value.get("__loader__"), str)
    return {
        key: _own_name(key, item, names) if is_node else _renamed(item, names)
        for key, item in value.items()
    }


def _own_name(key: str, item: JsonValue, names: _Names) -> JsonValue:
    if key == "__id__" and isinstance(item, int):
        return names.id(item)
    if key == "file" and isinstance(item, str):
        return names.file(item)
    return _renamed(item, names)
