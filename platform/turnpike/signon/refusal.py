"""Why somebody is not let in, in the words of every other failure."""

from __future__ import annotations

from turnpike.errors import InputError, Unavailable

_AGAIN = "Sign in again from the first page."


def refused(code: str, expected: str, found: str, solution: str = _AGAIN) -> InputError:
    """Return a refusal; ``found`` never holds a token or a secret."""
    return InputError(f"sign-in: expected {expected}, found {found}", code=code, solution=solution)


def unreachable(what: str, found: str) -> Unavailable:
    """Return the failure of a provider that does not answer as it must: nobody is let in."""
    return Unavailable(
        f"sign-in: expected {what}, found {found}",
        code="sign-in.provider",
        solution="Look whether the provider of signOn in organisation.yaml answers; try again.",
    )
