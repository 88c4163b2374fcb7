"""Who must approve: owners of every path, and the groups that the change itself calls for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from turnpike.approvals.codeowners import CodeOwnersFile

DELETION = "deletion of "
"""How the reason of a need for a deletion begins."""


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """Approvals that a change needs: ``count`` people out of any of the ``groups``."""

    groups: tuple[str, ...]
    count: int
    reason: str

    @property
    def name(self) -> str:
        """Return the groups as one word for people."""
        return " or ".join(self.groups)


def owners_needed(codeowners: str | None, paths: Iterable[str], side: str) -> Iterator[Need]:
    """Yield one need for each CODEOWNERS line that owns a path; an unowned path needs ``*``.

    A path that nobody owns yields a need with no group, which nobody can meet.
    """
    rules = CodeOwnersFile(codeowners or "")
    for path in paths:
        owned = rules.owners_of(path)
        if owned is None:
            yield Need((), 1, f"{path} has no owner in CODEOWNERS ({side})")
        else:
            reason = f"CODEOWNERS line {owned.line} ({side}): {owned.pattern}"
            yield Need(tuple(sorted(set(owned.owners))), 1, reason)


def merged(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return the needs, each set of groups once, with the highest count and the first reason.

    A deletion keeps a need of its own: its rule looks for that very reason.
    """
    strictest: dict[tuple[tuple[str, ...], str], Need] = {}
    for need in needs:
        own = need.reason if need.reason.startswith(DELETION) else ""
        known = strictest.get((need.groups, own))
        if known is None or need.count > known.count:
            strictest[need.groups, own] = need
    return tuple(sorted(strictest.values()))
