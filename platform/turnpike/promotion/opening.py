"""Carry a release plan out: one commit on the main that it was planned on, and a pull request.

The commit names an idempotency key: who carries which files out. Whoever runs the same again, or
beside us, ends with the same pull request: of several that hold one key the first stands, and the
others are closed. So a promoter may be stopped anywhere, and be started anew by anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import InputError
from turnpike.forge.interface import Forge, Opening, Summary
from turnpike.git.objects import Identity
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey, deployment_of
from turnpike.promotion.plan import ReleasePlan

KEY_TRAILER = "Turnpike-Idempotency-Key"
TRAIN_TRAILER = "Turnpike-Train"
"""Names the train that a change carries, so that it is planned anew in its place."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A pull request that carries a plan: opened for it, moved to it, or standing there already."""

    number: int
    head: ObjectId
    title: str
    state: Literal["opened", "planned anew", "open already"] = "opened"


@dataclass(frozen=True, slots=True)
class Standing:
    """An open pull request that was opened by a plan, with its key and the main it was made on.

    ``train`` is that of its plan; empty where it carries none.
    """

    number: int
    head: ObjectId
    title: str
    key: str
    train: str
    base: ObjectId

    def places(self, repository: Repository) -> frozenset[DeploymentKey]:
        """Return the deployments that it changes."""
        changed = repository.changes(self.base, self.head)
        paths = (change.path.decode("utf-8", "replace") for change in changed)
        return frozenset(place for path in paths if (place := deployment_of(path)))


def open_change(
    repository: Repository,
    forge: Forge,
    main: ObjectId,
    plan: ReleasePlan,
    author: Identity,
    when: datetime,
    instead_of: Standing | None = None,
) -> Opened:
    """Write the plan's files as one commit on ``main`` and open the pull request.

    The repository is the one that the forge pushes from. ``instead_of`` is an open pull request
    that carries an earlier form of the plan, and is moved to this one. Raises InputError where main
    already is what the plan would make it.
    """
    tree = repository.write_tree_with(main, plan.files)
    if tree == repository.commit(main).tree:
        raise InputError(
            f"{plan.title}: expected something to change, but main already is like this",
            code="release.nothing-to-do",
            solution="`turnpike status` shows what is released where.",
        )
    key = key_of(author, plan.files)
    standing = instead_of or _first(repository, forge, key)
    if standing and standing.key == key and _gives(repository, main, standing, tree):
        return Opened(standing.number, standing.head, standing.title, "open already")
    message = f"{plan.title}\n\n{KEY_TRAILER}: {key}\n"
    message += f"{TRAIN_TRAILER}: {plan.train}\n" if plan.train else ""
    head = repository.write_commit(tree, (main,), author, author, message, when)
    title = plan.title if len(plan.title) <= 200 else plan.title[:197] + "..."
    if standing:
        forge.push(standing.number, head, title)
        return Opened(standing.number, head, title, "planned anew")
    branch = f"change/{key.removeprefix('sha256:')[:12]}"
    number = forge.open(Opening(head=head, title=title, branch=branch))
    return _agreed(repository, forge, Opened(number, head, title), key)


def key_of(author: Identity, files: Mapping[str, bytes | None]) -> Digest:
    """Return the idempotency key of a change: the same for the same files by the same author."""
    names = {path: digest_of(c) if c is not None else None for path, c in files.items()}
    return digest_of(canonical({"author": author.email, "files": {**names}}))


def standing_changes(repository: Repository, forge: Forge) -> tuple[Standing, ...]:
    """Return the open pull requests that plans opened, by number."""
    found = [one for one in forge.pull_requests() if one.state == "open"]
    return tuple(_standing(repository, found))


def _standing(repository: Repository, found: list[Summary]) -> Iterator[Standing]:
    heads = repository.commits(one.head for one in found)
    for summary, head in zip(found, heads, strict=True):
        key = head.trailers.get(KEY_TRAILER)
        if key is not None and len(head.parents) == 1:
            train, base = head.trailers.get(TRAIN_TRAILER, ""), head.parents[0]
            yield Standing(summary.number, summary.head, summary.title, key, train, base)


def _first(repository: Repository, forge: Forge, key: str) -> Standing | None:
    same = (one for one in standing_changes(repository, forge) if one.key == key)
    return next(same, None)


def _gives(repository: Repository, main: ObjectId, standing: Standing, tree: ObjectId) -> bool:
    """Tell whether merging it into main as it is now gives what is planned now."""
    return repository.merge_tree(main, standing.head).tree == tree


def _agreed(repository: Repository, forge: Forge, opened: Opened, key: str) -> Opened:
    """Let the first of all that hold the key stand; somebody may have opened one beside us."""
    first = _first(repository, forge, key)
    if first is None or first.number >= opened.number:
        return opened
    forge.close(opened.number)
    return Opened(first.number, first.head, first.title, "open already")
