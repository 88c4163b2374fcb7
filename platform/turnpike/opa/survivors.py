"""Mutants that no test can kill, each with its reason: ``policies/testing/survivors.yaml``.

Whoever lets a mutant live says why. The list is held against every mutation run: a survivor that it
does not name is a gap in the tests, and one that was killed, or is made no more, comes off it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from turnpike.documents.reading import read
from turnpike.judge.survivors import SURVIVORS, Survivor
from turnpike.opa.mutation import Mutant, Tried

SURVIVORS_PATH = "policies/testing/survivors.yaml"


@dataclass(frozen=True, slots=True)
class Held:
    """A mutation run, held against the list: survivors that it lacks, entries that are not so."""

    unexplained: tuple[Mutant, ...]
    outdated: tuple[Survivor, ...]

    @property
    def is_clean(self) -> bool:
        """Tell whether the list says exactly what survived."""
        return not (self.unexplained or self.outdated)


def survivors_in(policies: Mapping[str, bytes]) -> tuple[Survivor, ...]:
    """Return the list of some policies, empty where they have none; raises InvalidDocument."""
    content = policies.get(SURVIVORS_PATH)
    return read(SURVIVORS, content, SURVIVORS_PATH).survivors if content is not None else ()


def held_against(tried: Iterable[Tried], listed: Iterable[Survivor]) -> Held:
    """Compare what survived with what may."""
    alive = [one.mutant for one in tried if one.fate == "survived"]
    entries = tuple(listed)
    return Held(
        unexplained=tuple(m for m in alive if not any(_is_of(one, m) for one in entries)),
        outdated=tuple(one for one in entries if not any(_is_of(one, m) for m in alive)),
    )


def _is_of(one: Survivor, mutant: Mutant) -> bool:
    """Tell whether an entry is about a mutant, wherever in the rule its line stands."""
    named = (one.rule, one.mutation, one.before, one.after)
    return named == (mutant.rule, mutant.kind, mutant.before, mutant.after)
