"""Secrets of whoever acts: from the environment, or from a file that it names; never from Git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from turnpike.errors import InputError

CODE = "secret.none"


def secret_in(environ: Mapping[str, str], variable: str) -> str | None:
    """Return the secret in ``VARIABLE``, else in the file that ``VARIABLE_FILE`` names.

    None where neither is set; raises InputError for a file that can't be read, or is empty.
    """
    if secret := environ.get(variable, "").strip():
        return secret
    file = environ.get(f"{variable}_FILE", "")
    if not file:
        return None
    try:
        secret = Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        found = error.strerror if isinstance(error, OSError) else "bytes that are no text"
        raise _refused(variable, f"{file}: {found}") from error
    if not secret:
        raise _refused(variable, f"{file}: an empty one")
    return secret


def required_secret(environ: Mapping[str, str], variable: str, solution: str) -> str:
    """Return the same; raises InputError with what to do where neither is set."""
    secret = secret_in(environ, variable)
    if secret is None:
        raise InputError(
            f"expected a secret in {variable} or in the file that {variable}_FILE names,"
            " found neither",
            code=CODE,
            solution=solution,
        )
    return secret


def _refused(variable: str, found: str) -> InputError:
    return InputError(
        f"{variable}_FILE: expected a file that can be read, got {found}",
        code=CODE,
        solution=f"Name a file that holds the secret and nothing else, or set {variable}.",
    )
