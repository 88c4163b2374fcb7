"""Ctrl-C: one message and exit code 3, whenever it comes.

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


def end_at_once() -> None:
    """Let Ctrl-C end the process from now on, unless whoever started it wants that ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def unwind() -> None:
    """Let Ctrl-C raise KeyboardInterrupt from now on, where it would have ended the process."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
