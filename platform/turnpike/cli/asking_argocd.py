"""What ``turnpike delivery tree`` and ``sync`` ask Argo CD, and how its answers are told."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.cli.clone import Monorepo
from turnpike.cli.delivering import field_lines, field_values, nothing_released, wanted_at
from turnpike.cli.output import style
from turnpike.cli.secret import required_secret
from turnpike.cluster.argocd_api import TOKEN_VARIABLE, ArgoCdApi
from turnpike.delivery.resource_tree import Branch, branches
from turnpike.delivery.wanted import Wanted
from turnpike.explain.escape import for_terminal
from turnpike.judge.layout import ModelKey

_TOKEN = "Let Argo CD's administrators make one for an account that may read, or sync, there."  # noqa: S105 - advice


@dataclass(frozen=True, slots=True)
class Tree:
    """An Application's objects, as Argo CD sees them."""

    wanted: Wanted
    branches: tuple[Branch, ...]

    @property
    def differs(self) -> bool:
        """Tell whether a sync would do something."""
        return any(branch.differs for branch in self.branches)


@dataclass(frozen=True, slots=True)
class Begun:
    """A sync that was asked for; ``is_new`` is false where Argo CD was at it already."""

    wanted: Wanted
    revision: str
    is_new: bool


def argocd_at(address: str) -> ArgoCdApi:
    """Return Argo CD at an address; raises InputError without a token in the environment."""
    return ArgoCdApi(address, required_secret(os.environ, TOKEN_VARIABLE, _TOKEN))


def applications(
    monorepo: Monorepo, key: ModelKey, name: str, targets: tuple[str, ...]
) -> tuple[Wanted, ...]:
    """Return where main releases a model; raises InputError where it does not."""
    wanted = wanted_at(monorepo, key, name, targets)
    released = tuple(one for one in wanted if one.release)
    if not released:
        raise nothing_released(key, name)
    return released


def trees(argocd: ArgoCdApi, wanted: Sequence[Wanted]) -> tuple[Tree, ...]:
    """Return what Argo CD made of each Application."""
    return tuple(
        Tree(one, branches(argocd.tree(one.application), argocd.managed(one.application)))
        for one in wanted
    )


def synced(argocd: ArgoCdApi, wanted: Sequence[Wanted]) -> tuple[Begun, ...]:
    """Let Argo CD look at main now and apply what is there, Application by Application."""
    return tuple(
        Begun(one, argocd.look_again(one.application), argocd.sync(one.application))
        for one in wanted
    )


def tree_lines(seen: Sequence[Tree]) -> Iterator[str]:
    """Yield trees for people: what main has after a minus, what runs after a plus."""
    for tree in seen:
        word = style("differs", fg="red") if tree.differs else style("as Git has it", fg="green")
        yield f"{_place(tree.wanted)}  {word}  {tree.wanted.application}"
        for branch in tree.branches:
            yield from _branch_lines(branch, "  ")


def _branch_lines(branch: Branch, indent: str) -> Iterator[str]:
    one, health = branch.resource, branch.resource.health
    words = [
        f"{one.kind} {one.namespace}/{one.name}" if one.namespace else f"{one.kind} {one.name}"
    ]
    if health is not None and health.status:
        words.append(f"{health.status}: {health.message}" if health.message else health.status)
    if branch.missing:
        words.append("is not there")
    if branch.extra:
        words.append("is not in Git")
    yield indent + for_terminal("  ".join(words))
    yield from field_lines(branch.fields, f"{indent}    ")
    for child in branch.children:
        yield from _branch_lines(child, indent + "  ")


def tree_value(seen: Sequence[Tree]) -> JsonValue:
    """Return trees for machines."""
    return [
        {
            **_place_value(tree.wanted),
            "differs": tree.differs,
            "resources": [_branch_value(branch) for branch in tree.branches],
        }
        for tree in seen
    ]


def _branch_value(branch: Branch) -> JsonValue:
    one, health = branch.resource, branch.resource.health
    return {
        "group": one.group,
        "kind": one.kind,
        "namespace": one.namespace or None,
        "name": one.name,
        "health": health.status if health and health.status else None,
        "message": health.message if health and health.message else None,
        "missing": branch.missing,
        "extra": branch.extra,
        "fields": field_values(branch.fields),
        "resources": [_branch_value(child) for child in branch.children],
    }


def sync_lines(begun: Sequence[Begun]) -> Iterator[str]:
    """Yield what was begun, for people."""
    for one in begun:
        word = "syncs" if one.is_new else "syncs already"
        at = for_terminal(one.revision[:12]) or "no commit yet"
        yield f"{_place(one.wanted)}  {word}  {one.wanted.application} at {at}"
    key = begun[0].wanted.key
    yield f"next: turnpike delivery wait {key.team}/{key.model} --environment {key.environment}"


def sync_value(begun: Sequence[Begun]) -> JsonValue:
    """Return what was begun, for machines."""
    return [
        {**_place_value(one.wanted), "revision": one.revision or None, "isNew": one.is_new}
        for one in begun
    ]


def _place(wanted: Wanted) -> str:
    return f"{wanted.key.environment}/{wanted.key.target}"


def _place_value(wanted: Wanted) -> dict[str, JsonValue]:
    return {
        "environment": wanted.key.environment,
        "target": wanted.key.target,
        "application": wanted.application,
    }
