"""Field by field, what a cluster has otherwise than Git; what Git leaves open is no difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that Git gives a value, and the value that the cluster has; None for none."""

    path: str
    wanted: JsonValue
    found: JsonValue


def differences(wanted: JsonValue, found: JsonValue, path: str = "") -> Iterator[Difference]:
    """Yield the fields of an object in which the cluster's differs from Git's."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from differences(value, found.get(name), f"{path}.{name}" if path else name)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif not _same(wanted, found):
        yield Difference(path, wanted, found)


def additions(
    wanted: JsonValue, found: JsonValue, defaults: Mapping[str, JsonValue], path: str = ""
) -> Iterator[Difference]:
    """Yield the fields that a cluster has and Git leaves open, but for defaults by their names."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in found.items():
            inner = f"{path}.{name}" if path else name
            if name in wanted:
                yield from additions(wanted[name], value, defaults, inner)
            elif name not in defaults or value != defaults[name]:
                yield Difference(inner, None, value)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from additions(one, other, defaults, f"{path}[{number}]")


def _same(wanted: JsonValue, found: JsonValue) -> bool:
    """The API server drops empty lists and mappings of some kinds; both say nothing."""
    return wanted == found or (found is None and wanted in ([], {}, ""))
