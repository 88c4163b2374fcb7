"""Carry a release plan out: one commit on the main that it was planned on, and a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.forge.interface import Forge, Opening
from turnpike.git.objects import Identity
from turnpike.git.repository import Repository
from turnpike.promotion.plan import ReleasePlan


@dataclass(frozen=True, slots=True)
class Opened:
    """A pull request that carries a plan."""

    number: int
    head: ObjectId
    title: str


def open_change(
    repository: Repository,
    forge: Forge,
    main: ObjectId,
    plan: ReleasePlan,
    author: Identity,
    when: datetime,
) -> Opened:
    """Write the plan's files as one commit on ``main`` and open the pull request.

    The repository is the one that the forge pushes from. Raises InputError where main already is
    what the plan would make it.
    """
    tree = repository.write_tree_with(main, plan.files)
    if tree == repository.commit(main).tree:
        raise InputError(
            f"{plan.title}: expected something to change, but main already is like this",
            code="release.nothing-to-do",
            solution="`turnpike status` shows what is released where.",
        )
    message = f"{plan.title}\n"
    head = repository.write_commit(tree, (main,), author, author, message, when)
    title = plan.title if len(plan.title) <= 200 else plan.title[:197] + "..."
    number = forge.open(Opening(head=head, title=title))
    return Opened(number, head, title)
