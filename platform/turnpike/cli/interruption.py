"""Ctrl-C and SIGTERM: one message and exit code 3, whenever they come.

Python raises it between any two instructions. In the middle of an import that can be swallowed,
or come out as another failure; as long as modules are being loaded nothing is there to be tidied
up, so the process says its message and ends at once. Imports only what Python has loaded anyhow.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

CODE = "interrupted"
MESSAGE = "Interrupted."
SOLUTION = "Run the same command again."
EXIT_CODE = 3


# What Python does by itself: any other handler is the wish of whoever started the process.
_BEFORE = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}


def end_at_once() -> None:
    """Let both end the process from now on, unless whoever started it wants them ignored."""
    for number, before in _BEFORE.items():
        if signal.getsignal(number) is before:
            signal.signal(number, _end)


def unwind() -> None:
    """Let both raise KeyboardInterrupt from now on, where they would have ended the process."""
    for number in _BEFORE:
        if signal.getsignal(number) is _end:
            signal.signal(number, _raise)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM, by a name of its own.

    CPython keeps in mind that a plain KeyboardInterrupt left an ``exec``, such as each dataclass
    makes, and kills itself by the signal at its end, though it was caught: exit code 130, not 3.
    """


def _raise(_number: int, _frame: object) -> None:
    raise Interrupted


def _end(_number: int, _frame: object) -> None:
    if "--json" in sys.argv:
        report = f'{{"error": "{CODE}", "message": "{MESSAGE}", "solution": "{SOLUTION}"}}\n'
        _write(1, report)
    else:
        _write(2, f"\nturnpike: {CODE}\n  {MESSAGE}\n  next: {SOLUTION}\n")
    os._exit(EXIT_CODE)


def _write(descriptor: int, text: str) -> None:
    with suppress(OSError):  # nobody listens: the exit code says it as well
        os.write(descriptor, text.encode())
