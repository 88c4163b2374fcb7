"""Which objects of a clone are damaged or missing, and at which paths they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from turnpike.auditing.heads import Heads
from turnpike.git.repository import Repository

_OBJECT = re.compile(r"\b[0-9a-f]{40}\b")
_LOOSE = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{38})\b")


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


def damage_in(repository: Repository, heads: Heads) -> Iterator[Damage]:
    """Yield the damage among all objects, once for each object."""
    said = repository.fsck(heads.main, heads.record)
    if not said:
        return
    paths = repository.paths_of_objects(heads.main, heads.record)
    seen: set[str] = set()
    for line in said:
        object_ = _object_in(line)
        if object_ not in seen:
            seen.add(object_)
            yield Damage(object_, paths.get(object_, ""), line)


def _object_in(line: str) -> str:
    loose = _LOOSE.search(line)
    if loose is not None:
        return loose[1] + loose[2]
    named = _OBJECT.search(line)
    return named[0] if named else line
