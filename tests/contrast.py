"""Reads the colours of a page, and says how well one is seen on another (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

ENOUGH = 4.5
_DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{:root\{(?P<colours>[^}]*)\}\}")
_LIGHT = re.compile(r"^:root\{(?P<colours>[^}]*)\}", re.MULTILINE)
_COLOUR = re.compile(r"--(?P<name>[a-z-]+):(?P<value>#[0-9a-f]{6})")


def schemes(style: str) -> dict[str, dict[str, str]]:
    """Return the colours by name, for light and for dark; both must have the same names."""
    found = {"light": _LIGHT.findall(style), "dark": _DARK.findall(style)}
    return {
        scheme: {m["name"]: m["value"] for m in _COLOUR.finditer("\n".join(colours))}
        for scheme, colours in found.items()
    }


def faint(style: str, letters: tuple[str, ...]) -> Iterator[str]:
    """Yield each colour of letters that is not seen well enough on a paper of its scheme."""
    for scheme, colours in schemes(style).items():
        papers = [name for name in colours if name.endswith("paper")]
        for name in letters:
            for paper in papers:
                ratio = contrast(colours[name], colours[paper])
                if ratio < ENOUGH:
                    yield f"{scheme}: {name} on {paper} {ratio:.1f}"


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
