"""Who pushed a pull request's head, from what a host tells of the pushes to its branch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from turnpike.errors import CannotDecide, Unavailable


@dataclass(frozen=True, slots=True)
class Pushed:
    """One move of a branch; ``before`` is None where the branch was made by it.

    ``account`` is None where the host does not say who it was.
    """

    account: str | None
    before: str | None
    after: str | None


def as_far_as_told(pushes: Iterable[Pushed]) -> Iterator[Pushed]:
    """Yield pushes as far as the host lets this account read them, such as those of a fork.

    A refusal is an answer: who is not told does not count. Raises Unavailable where there is none.
    """
    try:
        yield from pushes
    except Unavailable:
        raise
    except CannotDecide:
        return


def pushers_of(head: str, newest_first: Iterable[Pushed]) -> tuple[str, ...]:
    """Return all who moved a branch until it was at the head, in order.

    Empty where the pushes do not lead from the head back to the making of the branch without a
    gap: somebody might be missing, and their approval must not count. Later pushes are left aside.
    """
    expected, found = head, list[str]()
    for push in newest_first:
        if push.after != expected:
            if found:
                return ()
            continue
        if push.account is None:
            return ()
        found.append(push.account)
        if push.before is None:
            return tuple(dict.fromkeys(reversed(found)))
        expected = push.before
    return ()
