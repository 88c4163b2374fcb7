"""The front door by which Pants finds the rules of this package."""

from __future__ import annotations

from turnpike_pants import import_linter, ruff


def rules():
    return [*ruff.rules(), *import_linter.rules()]
