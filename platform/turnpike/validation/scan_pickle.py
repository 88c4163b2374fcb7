"""Tells whether bytes are a pickle, by their opcodes and not by their name; nothing is loaded."""

from __future__ import annotations

import pickletools
from contextlib import suppress

_IMPORTS = frozenset(("GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"))
_CALLS = frozenset(("INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "REDUCE", "BUILD"))
_MAGICS = tuple(bytes((0x80, protocol)) for protocol in range(6))


def is_pickle(content: bytes) -> bool:
    """Tell whether the bytes begin as a pickle of protocol 2 to 5, or run code as one of 0 or 1."""
    return content.startswith(_MAGICS) or _runs_code(content)


def _runs_code(content: bytes) -> bool:
    """Tell whether something is imported and called, be it before damage that ends the reading."""
    seen: set[str] = set()
    with suppress(ValueError, KeyError, IndexError, OverflowError, MemoryError, AttributeError):
        seen.update(opcode.name for opcode, _, _ in pickletools.genops(content))
    return bool(seen & _IMPORTS and seen & _CALLS)
