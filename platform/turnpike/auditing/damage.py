"""Which objects of a clone are damaged or missing, and at which paths they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from turnpike.auditing.heads import Heads
from turnpike.git.repository import Repository

_OBJECT = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{38})\b|\b([0-9a-f]{40})\b")
_PATH = re.compile(r"\([^():]*:(?P<path>.+)\)$")
# git names both ends of a broken link, and then the missing end once more by itself.
_LINK = re.compile(r"broken link from |\s+to ")


@dataclass(frozen=True, slots=True)
class Damage:
    """What git says of one damaged object; the path is empty where no readable folder names it."""

    object: str
    path: str
    said: str

    def __str__(self) -> str:
        """Name the object, its path and what is wrong."""
        place = f" ({self.path})" if self.path else ""
        return f"object {self.object}{place}: {self.said}" if self.object else self.said


def damage_in(repository: Repository, heads: Heads) -> tuple[Damage, ...]:
    """Return the damage among all objects, once for each object."""
    said = [line for line in repository.fsck(heads.main, heads.record) if not _LINK.match(line)]
    named: dict[str, list[str]] = {}
    for line in said:
        named.setdefault(_object_in(line), []).append(line.strip())
    general = named.pop("", [])
    if general and not named:
        return tuple(Damage("", "", line) for line in general)
    return tuple(_damage(object_, lines) for object_, lines in named.items())


def _damage(object_: str, lines: list[str]) -> Damage:
    paths = [match["path"] for match in map(_PATH.search, lines) if match]
    return Damage(object_, paths[0] if paths else "", lines[-1])


def _object_in(line: str) -> str:
    match = _OBJECT.search(line)
    return "".join(part or "" for part in match.groups()) if match else ""
