"""Text of a manifest where Prometheus would read templates or queries: always as plain text.

Prometheus expands Go templates in the labels and annotations of a rule, and a query's strings have
escapes. Source: Prometheus documentation, "Template reference" and "Querying: string literals".
"""

from __future__ import annotations

import json
import re

_BRACES = re.compile(r"\{+")
_encode = json.JSONEncoder(ensure_ascii=True).encode


def literal(text: str) -> str:
    """Return the text so that a template prints it as it stands.

    Every run of braces becomes an action that prints it; one alone could join another one after it.
    """
    return _BRACES.sub(lambda braces: f'{{{{ "{braces.group()}" }}}}', text)


def quoted(text: str) -> str:
    """Return the text as a string of a query, in double quotes."""
    return _encode(text)


def number(value: float) -> str:
    """Return the shortest text that reads back as the same number."""
    return repr(value).removesuffix(".0")
