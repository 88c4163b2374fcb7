"""Standard input, output and error that whoever started Turnpike closed, as ``2>&-`` does.

The next file that is opened gets such a number, as a shell's own script does, so that nothing can
be printed, or all that is lands in that file. Each of them leads nowhere instead, from the start.
"""

from __future__ import annotations

import os
import sys
from fcntl import F_GETFL, fcntl
from typing import Literal

_STREAMS: tuple[tuple[str, Literal["r", "w"]], ...] = (
    ("stdin", "r"),
    ("stdout", "w"),
    ("stderr", "w"),
)
_NO_USE = {"r": os.O_WRONLY, "w": os.O_RDONLY}
_MODES = os.O_RDONLY | os.O_WRONLY | os.O_RDWR


def open_closed() -> None:
    """Open whichever is closed, or open the wrong way, on the null device; programs inherit it."""
    for number, (name, mode) in enumerate(_STREAMS):
        if _serves(number, mode):
            continue
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, number)
        os.set_inheritable(number, True)
        if null != number:
            os.close(null)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _serves(number: int, mode: str) -> bool:
    try:
        return fcntl(number, F_GETFL) & _MODES != _NO_USE[mode]
    except OSError:
        return False
