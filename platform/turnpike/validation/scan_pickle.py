"""Tells whether bytes are a pickle, by their opcodes and not by their name; nothing is loaded."""

from __future__ import annotations

import pickletools

_RUNS_CODE = frozenset((
    "GLOBAL", "STACK_GLOBAL", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "REDUCE", "BUILD", "EXT1",
    "EXT2", "EXT4", "PERSID", "BINPERSID",
))  # fmt: skip
_MAGICS = tuple(bytes((0x80, protocol)) for protocol in range(6))


def is_pickle(content: bytes) -> bool:
    """Tell whether the bytes begin as a pickle of protocol 2 to 5, or run code as one of 0 or 1."""
    return content.startswith(_MAGICS) or _runs_code(content)


def _runs_code(content: bytes) -> bool:
    found = False
    try:
        for opcode, _, _ in pickletools.genops(content):
            found = found or opcode.name in _RUNS_CODE
    except (ValueError, KeyError, IndexError, OverflowError, MemoryError, AttributeError):
        # No pickle to its end: unpickling would run what stands before the damage all the same.
        return found
    return found
