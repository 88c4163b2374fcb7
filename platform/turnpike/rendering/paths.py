"""Where a value stands in rendered objects, step by step, and whether it was declared to differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pydantic import JsonValue

from turnpike.topology.clouds import MayDiffer, TargetText

Path: TypeAlias = tuple[str, ...]
_Pattern: TypeAlias = tuple[tuple[str, ...], TargetText | None]
_Declared: TypeAlias = tuple[tuple[_Pattern, ...], tuple[TargetText, ...]]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")


def shown(path: Path) -> str:
    """Return a path as ``environments/clouds.yaml`` would name it."""
    steps = (f".{step}" if _PLAIN.match(step) else f"[{step}]" for step in path[1:])
    return "".join((*path[:1], *steps))


def keyed(items: list[JsonValue]) -> Mapping[str, JsonValue] | None:
    """Return a list's items by their names, in order; None where not each has one of its own."""
    named: dict[str, JsonValue] = {}
    for item in items:
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or name in named:
            return None
        named[name] = item
    return named


class Place:
    """A place in rendered objects, with what was declared of it and of all below it.

    Places of which the same was declared are one, so that a thousand renderings cost no more than
    the first.
    """

    __slots__ = ("_below", "_known", "_patterns", "is_free", "is_silent", "texts")

    def __init__(self, declared: _Declared, known: dict[_Declared, Place]) -> None:
        """Take what was declared; ``known`` are all places made so far."""
        self._patterns, self.texts = declared
        self.is_free = ((), None) in self._patterns
        # Nothing was declared here or below: no text of a target may stand there.
        self.is_silent = not self.texts and not self._patterns
        self._known = known
        self._below: dict[str, Place] = {}

    def below(self, step: str) -> Place:
        """Return the place one step further; where anything may differ, it is this one."""
        if self.is_free:
            return self
        found = self._below.get(step)
        if found is None:
            found = self._below[step] = self._made(step)
        return found

    def _made(self, step: str) -> Place:
        met = [(p[1:], only) for p, only in self._patterns if p and _fits(p[0], step)]
        here = (only for p, only in met if not p and only)
        texts = tuple(dict.fromkeys((*self.texts, *here)))
        declared = (tuple(pattern for pattern in met if pattern[0] or not pattern[1]), texts)
        if declared not in self._known:
            self._known[declared] = Place(declared, self._known)
        return self._known[declared]


def declared(differences: Iterable[MayDiffer]) -> Place:
    """Return the place of all objects, below which the declared differences stand."""
    return Place((tuple((one.steps(), one.only) for one in differences), ()), {})


def _fits(wanted: str, step: str) -> bool:
    if wanted in {"*", step}:
        return True
    first = wanted.removesuffix("..")
    numbers = wanted != first and first.isdecimal() and step.isdecimal()
    return numbers and int(step) >= int(first)
