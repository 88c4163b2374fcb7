"""Text that came from a manifest, an artifact or a commit, made safe for where it is shown."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
_BARE_LINK = re.compile(r"\b(www)\.", re.IGNORECASE)
_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()#+!|~>"})


def for_terminal(text: str) -> str:
    """Return the text with control, bidirectional and invisible characters shown as escapes.

    A newline becomes a space: whoever prints decides where lines end.
    """
    return "".join(_visible(character) for character in text.replace("\n", " "))


def _visible(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN_CATEGORIES:
        return f"\\u{ord(character):04x}"
    return character


def for_markdown(text: str) -> str:
    """Return the text as Markdown that shows it literally: no markup, HTML, mention or link."""
    visible = for_terminal(text).translate(_MARKDOWN)
    visible = visible.replace("&", "&amp;").replace("<", "&lt;")
    visible = visible.replace("@", "@\u200b").replace("://", ":\u200b//")
    return _BARE_LINK.sub("\\1\u200b.", visible)
