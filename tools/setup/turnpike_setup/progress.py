"""One line on stderr when a step starts, one when it ends, with its seconds."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str) -> None:
    """Print one line to stderr at once, so that lines of parallel steps don't mix."""
    sys.stderr.write(f"set-up: {text}\n")
    sys.stderr.flush()


@contextmanager
def step(name: str, doing: str) -> Iterator[None]:
    """Announce a step and, when it succeeds, how long it took."""
    say(f"{name}: {doing} …")
    started = time.monotonic()
    yield
    say(f"{name}: ready after {time.monotonic() - started:.1f} s")
