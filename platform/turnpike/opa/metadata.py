"""What the METADATA of rules says, read from their text without running OPA."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from turnpike.documents.strict_yaml import parse
from turnpike.errors import InvalidDocument

_RULES = re.compile(r"policies/[a-z][a-z0-9_]*/[a-z0-9_]+\.rego")
_BLOCK = re.compile(r"^# METADATA[ \t]*\n((?:#.*\n)+)", re.MULTILINE)
_MARK = re.compile(r"^# ?", re.MULTILINE)


def waivable_codes(policies: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the codes of all denials that say of themselves that they yield to a waiver, sorted.

    METADATA that can't be read yields to nothing; ``policies`` maps paths from the root to bytes.
    """
    return tuple(sorted({code for block in _blocks(policies) for code in _waivable(block)}))


def _blocks(policies: Mapping[str, bytes]) -> Iterator[str]:
    for path, content in policies.items():
        if _RULES.fullmatch(path) and not path.endswith("_test.rego"):
            yield from _BLOCK.findall(content.decode("utf-8", "replace"))


def _waivable(block: str) -> Iterator[str]:
    if "yields_to" not in block:  # most have none: YAML is read only where it matters
        return
    try:
        value = parse(_MARK.sub("", block).encode(), "METADATA").value
    except InvalidDocument:
        return
    custom = value.get("custom") if isinstance(value, dict) else None
    if not isinstance(custom, dict):
        return
    code, yields_to = custom.get("code"), custom.get("yields_to")
    if isinstance(code, str) and isinstance(yields_to, list) and "waiver" in yields_to:
        yield code
