"""What a verb's options describe together, read as strictly as a file of the same fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import ValidationError

from turnpike.documents.document import Part
from turnpike.documents.reading import expectation
from turnpike.errors import UsageError
from turnpike.explain.escape import without_account

P = TypeVar("P", bound=Part)


def described(
    kind: type[P], fields: Mapping[str, object], verb: str, option: Callable[[str], str] = str
) -> P:
    """Return what the fields describe, each named as its option is, or as ``option`` calls it.

    Raises UsageError, which names the first option that is wrong, without an account that may stand
    in it, and sends to the verb's help.
    """
    try:
        return kind.model_validate(dict(fields), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = "".join(f"{option(str(step))}: " for step in first["loc"][:1])
        found = first["input"] if first["loc"] else ", ".join(map(str, fields.values()))
        raise UsageError(
            f"{field}expected {expectation(first)}, got {without_account(str(found))}",
            solution=f"turnpike {verb} --help",
        ) from error
