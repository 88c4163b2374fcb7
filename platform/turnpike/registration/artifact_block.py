"""Writes the ``artifact`` block into a manifest's text; every other byte stays as a person left it.

The block is laid into the lines. Where a manifest's style does not allow that (flow style, values
over several lines), ruamel's round trip does it, which keeps comments and order but may re-wrap.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.documents.identifiers import Digest
from turnpike.documents.strict_yaml import parse
from turnpike.errors import Defect, InvalidDocument
from turnpike.manifest.model import Artifact, RouteArtifact

_NAME = "model.yaml"
_FIELDS = ("registryModel", "version", "digest", "format")
_FOLLOWERS = ("signature", "route")
_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s#"'\[{&*|>][^#]*?)?"""
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataDigests:
    """The digests of the records that a model was trained on and will be judged on."""

    training: Digest
    validation: Digest


def with_artifact(
    text: str, artifact: Artifact | RouteArtifact, data: DataDigests | None = None
) -> str:
    """Return a manifest's text with its artifact block and the digests of its data filled in."""
    values: dict[_Path, str] = {
        ("artifact", "registryModel"): artifact.registry_model,
        ("artifact", "version"): artifact.version,
        ("artifact", "digest"): artifact.digest,
        ("artifact", "format"): artifact.format,
    }
    if data is not None:
        values["data", "training", "digest"] = data.training
        values["data", "validation", "digest"] = data.validation
    wanted = _with_values(parse(text.encode(), _NAME).value, values)
    for edit in (_in_lines, _by_round_trip):
        edited = edit(text, values)
        if _holds(edited, wanted):
            return edited
    raise Defect("the artifact block could not be written into model.yaml without changing more")


def _holds(text: str, wanted: JsonValue) -> bool:
    try:
        return parse(text.encode(), _NAME).value == wanted
    except InvalidDocument:
        return False


def _with_values(document: JsonValue, values: dict[_Path, str]) -> JsonValue:
    """Return the document with the values set; the order of keys does not matter here."""
    result = dict(document) if isinstance(document, dict) else {}
    for key in dict.fromkeys(path[0] for path in values):
        inner = {path[1:]: value for path, value in values.items() if path[0] == key}
        result[key] = inner[()] if () in inner else _with_values(result.get(key), inner)
    return result


def _in_lines(text: str, values: dict[_Path, str]) -> str:
    lines = text.splitlines()
    for path, value in values.items():
        _set(lines, path, value)
    return "\n".join(lines) + "\n"


def _set(lines: list[str], path: _Path, value: str) -> None:
    place = _place(lines, path)
    if place is not None:
        lines[place] = _replaced(lines[place], path[-1], value)
        return
    if path[:-1] == ("artifact",) and _place(lines, ("artifact",)) is None:
        _insert_block(lines)
    before = _sibling_before(lines, path)
    indent = "  " * (len(path) - 1)
    lines.insert(before + 1, f"{indent}{path[-1]}: {_scalar(value)}")


def _place(lines: list[str], path: _Path) -> int | None:
    """Return the number of the line on which a block-style key of that path stands."""
    start, end = 0, len(lines)
    for depth, key in enumerate(path):
        found = _key_line(lines, start, end, depth, key)
        if found is None:
            return None
        start = found + 1
        end = next((n for n in range(start, end) if _depth(lines[n]) <= depth), end)
    return start - 1


def _key_line(lines: list[str], start: int, end: int, depth: int, key: str) -> int | None:
    wanted = re.compile(rf"{'  ' * depth}{re.escape(key)}:(\s|$)")
    return next((n for n in range(start, end) if wanted.match(lines[n])), None)


def _depth(line: str) -> int:
    """Return the depth of a line's key by its indentation; blank lines and comments are deepest."""
    stripped = line.lstrip(" ")
    if not stripped or stripped.startswith("#"):
        return 99
    return (len(line) - len(stripped)) // 2


def _replaced(line: str, key: str, value: str) -> str:
    pattern = rf"^(\s*{re.escape(key)}:)[ ]*{_VALUE}(\s+#.*)?$"
    return re.sub(pattern, lambda m: f"{m[1]} {_scalar(value)}{m[2] or ''}", line)


def _insert_block(lines: list[str]) -> None:
    """Insert ``artifact:`` above the signature or the route, and above the comment over that."""
    found = (_key_line(lines, 0, len(lines), 0, key) for key in _FOLLOWERS)
    place = next((number for number in found if number is not None), len(lines))
    while place > 0 and lines[place - 1].startswith("#"):
        place -= 1
    lines[place:place] = ["artifact:", ""]


def _sibling_before(lines: list[str], path: _Path) -> int:
    """Return the line of the sibling that a new key follows, or else that of its parent."""
    order = ("source", "digest") if path[0] == "data" else _FIELDS
    earlier = order[: order.index(path[-1])]
    places = [_place(lines, (*path[:-1], key)) for key in reversed(earlier)]
    parent = _place(lines, path[:-1])
    return next((place for place in places if place is not None), parent or 0)


def _scalar(value: str) -> str:
    """Return a value as YAML: plain where every reader takes it for this text, else quoted."""
    plain = re.fullmatch(r"[a-z][a-z0-9-]*([.:][a-z0-9-]+)*", value)
    return value if plain else f'"{value}"'


def _by_round_trip(text: str, values: dict[_Path, str]) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    for (*parents, last), value in values.items():
        node = document
        for key in parents:
            if node.get(key) is None:
                node[key] = {}
            node = node[key]
        node[last] = DoubleQuotedScalarString(value)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()
