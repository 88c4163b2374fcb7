"""Objects to YAML that YAML 1.1 (Kubernetes, Argo CD) and YAML 1.2 read alike, always the same.

Plain style only for text that no reading could take for another type; all other text in double
quotes, and nothing but ASCII in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import yaml
from pydantic import JsonValue

# Starts with a letter or a slash, so it is no number, date or time in any version of YAML.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./(-][A-Za-z0-9_./()-]*)*\Z")
_WORDS = frozenset(("y", "yes", "n", "no", "on", "off", "true", "false", "null", "nan", "inf"))
_UNFOLDED = 2**20

# Events go to libyaml's emitter as they are: PyYAML's own way by nodes takes six times as long.
_STREAM_START, _STREAM_END = yaml.StreamStartEvent(), yaml.StreamEndEvent()
_DOCUMENT_END = yaml.DocumentEndEvent()
_MAPPING_START = yaml.MappingStartEvent(None, None, implicit=True, flow_style=False)
_MAPPING_END = yaml.MappingEndEvent()
_LIST_START = yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False)
_LIST_END = yaml.SequenceEndEvent()


def dump(objects: Iterable[Mapping[str, JsonValue]], comment: str) -> bytes:
    """Return the objects as YAML documents below one line of comment, keys in their own order."""
    documents = list(objects)
    text: str = yaml.emit(
        _stream(documents), Dumper=yaml.CSafeDumper, allow_unicode=False, width=_UNFOLDED
    )
    return f"# {comment}\n{text}".encode("ascii")


def _stream(documents: list[Mapping[str, JsonValue]]) -> list[yaml.Event]:
    events: list[yaml.Event] = [_STREAM_START]
    for document in documents:
        events.append(yaml.DocumentStartEvent(explicit=len(documents) > 1))
        _add(events, dict(document))
        events.append(_DOCUMENT_END)
    return [*events, _STREAM_END]


def _add(events: list[yaml.Event], value: JsonValue) -> None:
    """Append the events of a value."""
    if isinstance(value, str):
        events.append(_text(value))
    elif isinstance(value, dict):
        events.append(_MAPPING_START)
        for name, inner in value.items():
            events.append(_text(name))
            _add(events, inner)
        events.append(_MAPPING_END)
    elif isinstance(value, list):
        events.append(_LIST_START)
        for inner in value:
            _add(events, inner)
        events.append(_LIST_END)
    else:
        events.append(_plain(_word(value)))


@lru_cache(maxsize=4096)
def _text(text: str) -> yaml.ScalarEvent:
    if _PLAIN.match(text) is not None and text.lower() not in _WORDS:
        return _plain(text)
    return yaml.ScalarEvent(None, None, (False, True), text, style='"')


def _plain(text: str) -> yaml.ScalarEvent:
    return yaml.ScalarEvent(None, None, (True, False), text)


def _word(value: float | bool | None) -> str:
    """Return null, a boolean or a number as both versions of YAML read it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if "." in text or "e" not in text else text.replace("e", ".0e", 1)
