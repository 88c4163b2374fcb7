"""Where the cloud is not what main says: all that a plan of main itself would still change.

What was let in and applied leaves nothing to change. So whatever is left was changed past Git, or
was let in and never applied.

Source: https://developer.hashicorp.com/terraform/internals/json-format, format version 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.infrastructure.hcl import labelled, parsed, unquoted
from turnpike.infrastructure.reduce import folders_of
from turnpike.judge.layout import RootKey

Json = Mapping[str, JsonValue]
_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_LONGEST = 200
_NOTHING = "nothing"
_THERE = "the resource"


@dataclass(frozen=True, slots=True)
class Drift:
    """One place where Git and the cloud differ.

    ``file`` is where the resource is written, or the root's folder where it is not; ``field`` is
    its address, with the attribute that differs.
    """

    file: str
    field: str
    expected: str
    found: str


def drift_in(said: Json, root: RootKey, files: Mapping[str, bytes]) -> tuple[Drift, ...]:
    """Return all that a plan would change, in the order of Terraform's JSON ``said``.

    ``files`` are the inputs of the root by path, which have all been found to be readable.
    """
    top = _mapping(_mapping(said.get("configuration")).get("root_module"))
    places = _Places(dict(folders_of(top, "", str(root))), str(root), files)
    changes = said.get("resource_changes")
    return tuple(
        one
        for change in map(_mapping, changes if isinstance(changes, list) else ())
        if change.get("mode") == "managed"
        for one in _of_resource(change, places)
    )


@dataclass(frozen=True, slots=True)
class _Places:
    folders: Mapping[str, str]
    root: str
    files: Mapping[str, bytes]

    def file_of(self, change: Json) -> str:
        """Return the file that declares a resource; the root's folder where none does."""
        module = _KEY.sub("", str(change.get("module_address") or ""))
        folder = self.folders.get(f"{module}." if module else "", self.root)
        wanted = str(change.get("type")), str(change.get("name"))
        inside = (p for p in sorted(self.files) if p.rpartition("/")[0] == folder)
        tf = (path for path in inside if path.endswith(".tf"))
        return next((path for path in tf if wanted in _declared(self.files[path])), self.root)


def _declared(content: bytes) -> set[tuple[str, str]]:
    resources = labelled(parsed(content), "resource")
    return {(kind, unquoted(name)) for kind, named in resources for name in named}


def _of_resource(change: Json, places: _Places) -> Iterator[Drift]:
    told = _mapping(change.get("change"))
    actions, address = told.get("actions"), str(change.get("address"))
    if actions == ["no-op"]:
        return
    file = places.file_of(change)
    if told.get("before") is None:
        yield Drift(file, address, _THERE, _NOTHING)
    elif told.get("after") is None:
        yield Drift(file, address, _NOTHING, _THERE)
    else:
        differing = [*_differing(told)]
        for name, expected, found in differing:
            yield Drift(file, f"{address}.{name}", expected, found)
        if not differing:
            yield Drift(file, address, "no change", f"{actions} of what shows in no attribute")


def _differing(told: Json) -> Iterator[tuple[str, str, str]]:
    """Yield each attribute that would change, with what Git says and what the cloud has."""
    before, after = _mapping(told.get("before")), _mapping(told.get("after"))
    later = _mapping(told.get("after_unknown"))
    marked = _mapping(told.get("before_sensitive")), _mapping(told.get("after_sensitive"))
    for name in sorted({*before, *after}):
        hidden = any(_marks(said.get(name)) for said in marked)
        if _marks(later.get(name)):
            yield name, "what is known only after the apply", _shown(before.get(name), hidden)
        elif before.get(name) != after.get(name):
            yield (
                name,
                _shown(after.get(name), hidden),
                _shown(before.get(name), hidden),
            )


def _shown(value: JsonValue, hidden: bool) -> str:
    if hidden:
        return "a sensitive value"
    text = _NOTHING if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _marks(said: JsonValue) -> bool:
    """Tell whether Terraform marks a value or a part of it: elsewhere there is no ``true``."""
    if isinstance(said, list | dict):
        return any(map(_marks, said.values() if isinstance(said, dict) else said))
    return said is True


def _mapping(value: JsonValue) -> Json:
    return value if isinstance(value, dict) else {}
