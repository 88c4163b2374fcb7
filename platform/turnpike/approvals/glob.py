"""Patterns of paths, as values: what GitHub's and GitLab's file patterns have in common.

A pattern is matched by a regular expression without any choice to take back (atomic groups, the
leftmost block first), so that no pattern that somebody writes takes long to match.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

Tail = Literal["file", "below", "both"]
"""Where a pattern ends: at the path's end, at a folder above it, or at either."""


@dataclass(frozen=True, slots=True)
class One:
    """One character of a name: any of ``chars``, or any but those; never a slash."""

    chars: frozenset[str]
    negated: bool = False

    def takes(self, char: str) -> bool:
        """Tell whether this may be that character."""
        return char != "/" and (char in self.chars) != self.negated


@dataclass(frozen=True, slots=True)
class Many:
    """Any characters of one name, or none."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Any number of whole folders, or none."""


ANY = One(frozenset(), negated=True)
Segment = tuple[One | Many, ...]
Step = Segment | Folders


@lru_cache(maxsize=4096)
def literal(char: str) -> One:
    """Return the atom that is exactly this character."""
    return One(frozenset(char))


@dataclass(frozen=True)
class Glob:
    """A pattern: segments from the root of the repository, the last of which is no Folders."""

    steps: tuple[Step, ...]
    tail: Tail

    def matches(self, path: str) -> bool:
        """Tell whether a path (no leading slash) is one of the pattern's."""
        return path.startswith(self._beginning) and self._compiled.match(path) is not None

    @cached_property
    def _beginning(self) -> str:
        """What every path of the pattern begins with; most paths need no expression compiled."""
        text = ""
        for step in self.steps:
            if isinstance(step, Folders):
                return text
            for atom in step:
                if isinstance(atom, Many) or atom.negated or len(atom.chars) != 1:
                    return text
                text += next(iter(atom.chars))
            text += "/"
        return text.removesuffix("/")

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        first, *others = _groups(self.steps)
        text = "/".join(_segment(one) for one in first)
        text += "/" if first and others else ""
        for number, group in enumerate(others):
            body = r"(?:[^/]*/)*?" + "/".join(_segment(one) for one in group)
            text += body if number == len(others) - 1 else f"(?>{body}/)"
        return re.compile(text + {"file": r"\Z", "below": "/", "both": r"(?:\Z|/)"}[self.tail])


EVERYTHING = Glob((Folders(), (Many(),)), "file")


def _groups(steps: tuple[Step, ...]) -> list[list[Segment]]:
    """Return the runs of segments between Folders; the first run is empty before a Folders."""
    groups: list[list[Segment]] = [[]]
    for step in steps:
        if not isinstance(step, Folders):
            groups[-1].append(step)
        elif groups[-1] or len(groups) == 1:
            groups.append([])
    return groups


def _segment(segment: Segment) -> str:
    blocks = [""]
    for atom in segment:
        if isinstance(atom, Many):
            blocks.append("")
        else:
            blocks[-1] += _one(atom)
    first, *others = blocks
    if not others:
        return first
    middle = "".join(f"(?>[^/]*?{block})" for block in others[:-1] if block)
    return f"{first}{middle}[^/]*{others[-1]}"


def _one(atom: One) -> str:
    named = sorted(atom.chars - {"/"})
    chars = "".join(re.escape(char) for char in named)
    if atom.negated:
        return f"[^/{chars}]"
    if not named:
        return "(?!)"
    return f"[{chars}]" if len(named) > 1 else chars
