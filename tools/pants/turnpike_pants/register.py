"""The front door by which Pants finds the rules of this package."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike_pants import import_linter, ruff


def rules() -> Iterable[object]:
    """Return the rules of all modules."""
    return [*ruff.rules(), *import_linter.rules()]
