"""The one document that a program leaves on its standard output.

Whatever else prints (a library, a model, a check) lands in the log: the real output is moved away
before any of it is loaded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

REFUSED = 3


class Refusal(Exception):
    """The artifact or the request cannot be used; ``code`` is stable, the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """Holds the real standard output until the one document is ready."""

    descriptor: int

    def give(self, document: Mapping[str, object]) -> None:
        """Write the document and nothing else; NaN and infinity never leave."""
        content = json.dumps(document, allow_nan=False, separators=(",", ":")).encode()
        with os.fdopen(self.descriptor, "wb") as output:
            output.write(content)

    def refuse(self, refusal: Refusal) -> int:
        """Write why there is no answer, and return the exit code that says so."""
        self.give({"refused": {"code": refusal.code, "message": str(refusal)[:2000]}})
        return REFUSED


def take_output() -> Answer:
    """Move the standard output to a descriptor of its own and let prints go to the log."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return Answer(descriptor)
