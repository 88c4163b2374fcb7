"""Who may sign in at what a root makes: only groups to whom organisation.yaml gives anything there.

Terraform can't read organisation.yaml, so that a root names the groups again; before it is planned
they are held against the declaration on main.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from turnpike.errors import InvalidDocument, Problem
from turnpike.infrastructure.hcl import labelled, parsed, unquoted

_ARGUMENT = "sign_on"


@dataclass(frozen=True, slots=True)
class DeclaredSignOn:
    """What main declares: the groups that come in, and those that administer.

    They are called as the provider calls them; its ``issuer`` is None where none is declared.
    """

    groups: frozenset[str]
    administrators: frozenset[str]
    issuer: str | None


def require_declared_groups(files: Mapping[str, bytes], declared: DeclaredSignOn) -> None:
    """Raise InvalidDocument where a module lets in whom main does not, or anybody but by name.

    ``files`` are all inputs of a root, by path, which have all been found to be readable.
    """
    problems = tuple(
        Problem(path, 0, f"module.{name}.{_ARGUMENT}{field}", expected, actual)
        for path in sorted(path for path in files if path.endswith(".tf"))
        for name, body in labelled(parsed(files[path]), "module")
        if _ARGUMENT in body
        for field, expected, actual in _problems(body[_ARGUMENT], declared)
    )
    if problems:
        raise InvalidDocument(problems)


def _problems(said: object, declared: DeclaredSignOn) -> Iterator[tuple[str, str, str]]:
    if not isinstance(said, dict):
        yield "", "an object that is written out", str(said)
        return
    plain = {unquoted(name): value for name, value in said.items()}
    issuer = _literal(plain.get("issuer"))
    if declared.issuer is not None and issuer != declared.issuer:
        yield ".issuer", f"signOn.issuer of organisation.yaml: {declared.issuer}", f"{issuer}"
    yield from _strangers("groups", plain, declared.groups)
    yield from _strangers("administrators", plain, declared.administrators)


def _strangers(
    name: str, said: Mapping[str, Any], known: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    expected = f"only groups that organisation.yaml has there: {', '.join(sorted(known)) or 'none'}"
    value = said.get(name)
    if not isinstance(value, list):
        yield f".{name}", "a list of names that is written out", str(value)
        return
    for number, one in enumerate(value):
        group = _literal(one)
        if group not in known:
            yield f".{name}.{number}", expected, str(one) if group is None else group


def _literal(value: object) -> str | None:
    """Return a text that is written out; None for an expression, and for what is not there."""
    text = str(value)
    return unquoted(text) if text.startswith('"') and "${" not in text else None
