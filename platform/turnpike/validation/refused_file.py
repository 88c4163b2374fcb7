"""Why a file of an artifact is not what it must be."""

from __future__ import annotations


class RefusedFile(Exception):
    """A file holds something else than its format allows; both texts are for people."""

    def __init__(self, expected: str, actual: str) -> None:
        """Keep what was expected and what was found."""
        super().__init__(f"expected {expected}, found {actual}")
        self.expected = expected
        self.actual = actual
