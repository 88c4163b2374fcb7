"""A smallest set of items without which a test fails, and with which it passes.

Pure search over numbers: what an item is, and what the test is, the caller knows. The test is asked
about many sets at once, for one answer costs as much as a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

Items = frozenset[int]
Passes = Callable[[Sequence[Items]], Sequence[bool]]

_FEW = 8
"""Of so many items every subset is tried, where that can be of use."""

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Found:
    """A set that passes and loses that by the loss of any one item.

    ``is_smallest`` tells that no smaller set of the items known passes: all were tried.
    """

    items: Items
    is_smallest: bool


def irredundant(passing: Items, passes: Passes) -> Found:
    """Return a subset of a passing set that passes and of which nothing can be left out."""
    current, tried_all = passing, True
    while True:
        without = [current - {item} for item in sorted(current)]
        spare = [item for item, ok in zip(sorted(current), passes(without), strict=True) if ok]
        if not spare:
            return Found(current, tried_all)
        smaller = _smallest_between(current - frozenset(spare), spare, passes)
        tried_all = tried_all and len(spare) <= _FEW
        current = smaller or current - {spare[-1]}


def _smallest_between(needed: Items, spare: Sequence[int], passes: Passes) -> Items | None:
    """Return the needed items with as few of the spare ones as pass; None where too many are."""
    most = len(spare) if len(spare) <= _FEW else 2
    more = (c for size in range(most) for c in combinations(spare, size))
    return _first((needed | frozenset(chosen) for chosen in more), passes)


def smallest(found: Found, universe: Items, helpful: Items, passes: Passes) -> Found:
    """Return a smallest passing set of the universe, where that has few items; else what is found.

    That each item of a set is needed beside the others does not say that all are: two that are left
    out together may take away what one of them alone brings about. So every smaller set is tried,
    but for those that cannot pass because one with more ``helpful`` items, which never do harm,
    does not.
    """
    if len(universe) > _FEW:
        return Found(found.items, is_smallest=len(found.items) <= 1)
    fewer = range(len(found.items))
    rest = sorted(universe - helpful)
    bases = [frozenset(chosen) for size in fewer for chosen in combinations(rest, size)]
    sure = _which_pass(bases, universe & helpful, passes)
    sets = (
        base | needed | set(chosen)
        for size in fewer
        for base, needed, spare in sure
        if len(base | needed) <= size
        for chosen in combinations(spare, size - len(base | needed))
    )
    return Found(_first(sets, passes) or found.items, is_smallest=True)


def _which_pass(
    bases: Sequence[Items], helpful: Items, passes: Passes
) -> list[tuple[Items, Items, list[int]]]:
    """Return the bases that pass with all help, what help each of them needs, and what it may."""
    helped = passes([base | helpful for base in bases])
    passing = [base for base, ok in zip(bases, helped, strict=True) if ok]
    one_less = iter(
        passes([(base | helpful) - {one} for base in passing for one in sorted(helpful)])
    )
    found = []
    for base in passing:
        without = dict(zip(sorted(helpful), one_less, strict=False))
        needed = frozenset(one for one, ok in without.items() if not ok)
        found.append((base, needed, sorted(helpful - needed)))
    return found


def _first(sets: Iterable[Items], passes: Passes) -> Items | None:
    """Return the first of the sets that passes, asking about many at once."""
    for batch in _batches(sets):
        for items, ok in zip(batch, passes(batch), strict=True):
            if ok:
                return items
    return None


def _batches(sets: Iterable[Items]) -> Iterator[tuple[Items, ...]]:
    left = iter(sets)
    while batch := tuple(islice(left, _BATCH)):
        yield batch
