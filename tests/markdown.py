"""Reads the product's Markdown pages: links, the anchors that they may lead to, fenced commands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

_FENCED = re.compile(r"^( *)```[^\n]*\n(?P<text>.*?)^\1``` *$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`]+`")
_LINK = re.compile(r"\]\((?P<place>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(?P<text>.+?) *#*$", re.MULTILINE)
_ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:")


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``file`` is absolute."""

    file: Path

    @property
    def text(self) -> str:
        """Return the page as it is written."""
        return self.file.read_text("utf-8")

    def prose(self) -> str:
        """Return the page without fenced blocks and without code in a line."""
        return _CODE.sub("", self.without_fences())

    def without_fences(self) -> str:
        """Return the page without its fenced blocks."""
        return _FENCED.sub("", self.text)

    def fences(self) -> Iterator[str]:
        """Yield the text of each fenced block."""
        for found in _FENCED.finditer(self.text):
            yield found["text"]

    def links(self) -> Iterator[str]:
        """Yield where the page's links lead, but for addresses of other sites."""
        for found in _LINK.finditer(self.prose()):
            if not _ELSEWHERE.match(found["place"]):
                yield found["place"]

    def anchors(self) -> frozenset[str]:
        """Return the headings' anchors, as Git hosts make them; the same again is numbered."""
        if self.file.suffix != ".md":
            return frozenset()
        times, found = Counter[str](), set[str]()
        for heading in _HEADING.finditer(self.without_fences()):
            name = anchor(heading["text"])
            found.add(f"{name}-{times[name]}" if times[name] else name)
            times[name] += 1
        return frozenset(found)

    def dead(self) -> Iterator[str]:
        """Yield each link that leads to no file, no folder or no heading."""
        for link in self.links():
            path, _, wanted = link.partition("#")
            there = (self.file.parent / unquote(path)).resolve() if path else self.file
            if not there.exists() or (wanted and wanted not in Page(there).anchors()):
                yield link


def anchor(heading: str) -> str:
    """Return a heading's anchor: lower case, no punctuation, hyphens for blanks."""
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")


def pages(root: Path) -> tuple[Page, ...]:
    """Return the pages of README, docs, runbooks and models below the root, by path."""
    files = [root / "README.md"]
    for folder in ("docs", "runbooks", "models"):
        files += sorted((root / folder).rglob("*.md"))
    return tuple(Page(file) for file in files)
