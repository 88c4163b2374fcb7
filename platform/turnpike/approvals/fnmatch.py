"""Ruby's ``File.fnmatch`` with FNM_PATHNAME and FNM_DOTMATCH, as GitLab uses it.

Source: Ruby documentation, ``File.fnmatch``: ``*`` and ``?`` stay within a name, ``**/`` at the
start of a name stands for any folders, ``**`` elsewhere is ``*``, ``[a-c]`` and ``[^a-c]`` are
sets, a backslash takes the next character's meaning. What is not written there is as Ruby does it:
a backslash at the end of a name is nothing, and a range holds its two ends whichever is the larger.
"""

from __future__ import annotations

from turnpike.approvals.glob import ANY, Folders, Glob, Many, One, Segment, Step, literal

_LARGEST_RANGE = 0x3000


def glob_of_fnmatch(pattern: str) -> Glob | None:
    """Return a pattern (with its leading slash) as a value; None where no path matches it."""
    reader = _Reader(pattern.removeprefix("/"))
    steps = reader.steps()
    return None if steps is None else Glob(steps, "file")


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def steps(self) -> tuple[Step, ...] | None:
        steps: list[Step] = []
        while True:
            while self._text.startswith("**/", self._at):
                self._at += 3
                steps.append(Folders())
            segment = self._segment()
            if not segment:
                return None
            steps.append(segment)
            if self._at >= len(self._text):
                return tuple(steps)
            self._at += 1

    def _segment(self) -> Segment | None:
        """Return the atoms up to a slash; None for an empty name or an open bracket."""
        atoms: list[One | Many] = []
        while self._at < len(self._text) and self._text[self._at] != "/":
            if self._text[self._at] == "\\" and self._peek(1) in {"", "/"}:
                self._at += 1
                continue
            atom = self._atom()
            if atom is None:
                return None
            if not (isinstance(atom, Many) and atoms and isinstance(atoms[-1], Many)):
                atoms.append(atom)
        return tuple(atoms)

    def _atom(self) -> One | Many | None:
        char = self._text[self._at]
        self._at += 1
        if char == "*":
            return Many()
        if char == "?":
            return ANY
        if char == "[":
            return self._set()
        if char == "\\":
            char = self._text[self._at]
            self._at += 1
        return literal(char)

    def _set(self) -> One | None:
        """Return the set whose bracket was just read; None where it is never closed."""
        negated = self._text[self._at : self._at + 1] in {"^", "!"}
        self._at += negated
        chars: set[str] = set()
        while self._at < len(self._text) and self._text[self._at] != "]":
            first = self._member()
            last = first
            if self._text[self._at : self._at + 1] == "-" and self._peek(1) not in {"", "]"}:
                self._at += 1
                last = self._member()
            chars |= _range(first, last)
        if self._at >= len(self._text):
            return None
        self._at += 1
        return One(frozenset(chars), negated)

    def _member(self) -> str:
        if self._text[self._at] == "\\" and self._peek(1):
            self._at += 1
        char = self._text[self._at]
        self._at += 1
        return char

    def _peek(self, ahead: int) -> str:
        return self._text[self._at + ahead : self._at + ahead + 1]


def _range(first: str, last: str) -> set[str]:
    """Return both ends and what lies between; of a very wide range only the beginning of that."""
    end = min(ord(last), ord(first) + _LARGEST_RANGE)
    return {first, last, *(chr(point) for point in range(ord(first), end + 1))}
