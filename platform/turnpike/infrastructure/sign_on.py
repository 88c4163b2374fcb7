"""Who may sign in at what a root makes: only groups to whom organisation.yaml gives anything there.

Terraform can't read organisation.yaml, so that a root names the groups again; before it is planned
they are held against the declaration on main.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from turnpike.errors import InvalidDocument, Problem
from turnpike.infrastructure.hcl import labelled, parsed, unquoted
from turnpike.judge.facts import LetIn

_ARGUMENT = "sign_on"
_Kind: TypeAlias = Literal["groups", "administrators"]
_KINDS: tuple[_Kind, ...] = get_args(_Kind)


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
        Problem(path, 0, f"{at}{field}", expected, actual)
        for path in _configurations(files)
        for at, said in _sign_ons(parsed(files[path]))
        for field, expected, actual in _problems(said, declared)
    )
    if problems:
        raise InvalidDocument(problems)


def let_in(files: Mapping[str, bytes]) -> tuple[LetIn, ...]:
    """Return the groups that modules let in, by name; ``files`` are those of Terraform, by path.

    What is no HCL is left out: nobody can plan it, and so nobody comes in by it.
    """
    return tuple(one for path in _configurations(files) for one in _let_in(path, files[path]))


def _let_in(path: str, content: bytes) -> Iterator[LetIn]:
    try:
        sign_ons = [*_sign_ons(parsed(content))]
    except ValueError:
        return
    for at, said in sign_ons:
        plain = _plain(said) if isinstance(said, dict) else {}
        for kind in _KINDS:
            yield from _of_kind(path, f"{at}.{kind}", kind, plain.get(kind))


def _of_kind(path: str, at: str, kind: _Kind, said: object) -> Iterator[LetIn]:
    for number, one in enumerate(said if isinstance(said, list) else ()):
        if group := _literal(one):
            yield LetIn(path=path, field=f"{at}.{number}", kind=kind, group=group)


def _configurations(files: Mapping[str, bytes]) -> list[str]:
    return sorted(path for path in files if path.endswith(".tf"))


def _sign_ons(said: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield what each module call of a file says of sign-on, and where."""
    for name, body in labelled(said, "module"):
        if _ARGUMENT in body:
            yield f"module.{name}.{_ARGUMENT}", body[_ARGUMENT]


def _plain(said: Mapping[object, Any]) -> dict[str, Any]:
    return {unquoted(name): value for name, value in said.items()}


def _problems(said: object, declared: DeclaredSignOn) -> Iterator[tuple[str, str, str]]:
    if not isinstance(said, dict):
        yield "", "an object that is written out", str(said)
        return
    plain = _plain(said)
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
