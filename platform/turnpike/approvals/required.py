"""Who must approve: owners of every path, and the groups that the change itself calls for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from turnpike.approvals.dialects import parsed
from turnpike.approvals.interface import Entry
from turnpike.approvals.owners import owner_in
from turnpike.topology.organisation import Organisation

DELETION = "deletion of "
"""How the reason of a need for a deletion begins."""

DESTRUCTION = "destruction of "
"""How the reason of a need begins that a plan calls for which destroys what keeps state."""

SEGREGATION = "segregation of duties: "
"""How the reason of a need for a change that lets too few people do too much begins."""

CONSUMER = "consumer "
"""How the reason of a need begins that lets a consumer of a model have its say."""


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """Approvals that a change needs: ``count`` people out of any of the ``groups``.

    ``barred`` are people of these groups whose approval does not count for this very need;
    ``own_word`` tells that whoever opened the change speaks for it as well.
    """

    groups: tuple[str, ...]
    count: int
    reason: str
    barred: tuple[str, ...] = ()
    own_word: bool = False

    @property
    def name(self) -> str:
        """Return the groups as one word for people."""
        return " or ".join(self.groups)


def owners_needed(
    codeowners: str | None, organisation: Organisation, paths: Iterable[str], side: str
) -> Iterator[Need]:
    """Yield a need for each CODEOWNERS entry of each path, in the dialect that is declared.

    A path that nobody owns yields a need with no group, which nobody can meet; so does an entry
    all of whose owners are unknown. Optional entries, which require nobody, yield none.
    """
    dialect = organisation.codeowners_dialect
    file = parsed(dialect, codeowners or "")
    for path in paths:
        entries = file.entries_of(path)
        if not any(entry.owners for entry in entries):
            yield Need((), 1, f"{path} has no owner in CODEOWNERS ({side})")
        for entry in entries:
            if entry.owners and entry.required:
                named = {owner_in(organisation, dialect, owner) for owner in entry.owners}
                groups = tuple(sorted(name for name in named if name))
                yield Need(groups, entry.required, _reason(entry, side))


def _reason(entry: Entry, side: str) -> str:
    section = f" [{entry.section}]" if entry.section else ""
    return f"CODEOWNERS line {entry.line}{section} ({side}): {entry.pattern}"


def merged(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return the needs, each set of groups once, with the highest count and the first reason.

    Needs that different people may not meet are different needs: whoever is barred from one of two
    emergencies, or from reviewing one of two debts, must not speak for it by way of the other.
    A deletion, a destruction and a matter of segregation keep needs of their own: rules look for
    these reasons. So does each consumer: whoever answers for two of them is asked about both.
    """
    apart = (DELETION, DESTRUCTION, SEGREGATION, CONSUMER)
    strictest: dict[tuple[tuple[str, ...], tuple[str, ...], bool, str], Need] = {}
    for need in needs:
        own = need.reason if need.reason.startswith(apart) else ""
        alike = (need.groups, need.barred, need.own_word, own)
        known = strictest.get(alike)
        if known is None or need.count > known.count:
            strictest[alike] = need
    return tuple(sorted(strictest.values()))
