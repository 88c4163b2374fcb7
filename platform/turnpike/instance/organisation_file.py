"""Add public SSH keys to an organisation.yaml, with everything else in the file kept as it is.

A round trip through a YAML library would move comments between sections, so lines are inserted;
reading the result back proves that nothing but the keys is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from turnpike.documents.reading import read, validate
from turnpike.documents.strict_yaml import parse
from turnpike.errors import InputError
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.topology.organisation import ORGANISATION, Bot, Organisation, Person

_EMAIL = re.compile(r"(?P<indent> *(?:- )?)email: ")


def with_ssh_keys(organisation: bytes, keys: Mapping[str, str]) -> bytes:
    """Return the file with a public key for each person or bot of that id who has none yet.

    Comments and order stay. Raises InvalidDocument where the file is malformed, InputError where
    somebody's ``email`` does not stand on a line of its own, below which the key could go.
    """
    source = parse(organisation, ORGANISATION_PATH)
    before = validate(ORGANISATION, source)
    lines = organisation.decode().splitlines(keepends=True)
    places = {source.lines[f"{p}.email"]: holder.id for p, holder in _without_keys(before, keys)}
    for number in sorted(places, reverse=True):
        lines.insert(number, _lines_below(lines[number - 1], keys[places[number]]))
    written = "".join(lines).encode()
    _require_only_keys_are_new(before, written, keys)
    return written


def _without_keys(
    organisation: Organisation, keys: Mapping[str, str]
) -> Iterator[tuple[str, Person | Bot]]:
    """Yield the fields of those who get a key."""
    people: dict[str, Person | Bot] = {f"people.{n}": p for n, p in enumerate(organisation.people)}
    bots: dict[str, Person | Bot] = {f"bots.{n}": b for n, b in enumerate(organisation.bots)}
    for place, holder in (people | bots).items():
        if holder.id in keys and not holder.ssh_keys:
            yield place, holder


def _lines_below(line: str, key: str) -> str:
    match = _EMAIL.match(line)
    if match is None:
        raise _unusual(line.strip())
    indent = " " * len(match["indent"])
    return f"{indent}sshKeys:\n{indent}  - {key}\n"


def _require_only_keys_are_new(
    before: Organisation, written: bytes, keys: Mapping[str, str]
) -> None:
    after = read(ORGANISATION, written, ORGANISATION_PATH)
    wanted = before.model_copy(
        update={
            "people": tuple(_with_key(person, keys) for person in before.people),
            "bots": tuple(_with_key(bot, keys) for bot in before.bots),
        }
    )
    if after != wanted:
        raise _unusual("a file in which that would change more than keys")


def _with_key(holder: Person | Bot, keys: Mapping[str, str]) -> Person | Bot:
    if holder.ssh_keys or holder.id not in keys:
        return holder
    return holder.model_copy(update={"ssh_keys": (keys[holder.id],)})


def _unusual(found: str) -> InputError:
    return InputError(
        f"{ORGANISATION_PATH}: expected each email on a line of its own, to write a key below it, "
        f"found: {found}",
        solution="Write the people in block style, or add their sshKeys by hand.",
        code="instance.organisation-style",
    )
