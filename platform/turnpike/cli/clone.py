"""Where a verb only reads: a clone that is named, else the instance around the current folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, UsageError
from turnpike.git.location import top_of
from turnpike.git.objects import is_object_id
from turnpike.git.repository import Repository
from turnpike.instance.locate import locate_folder, open_instance

if TYPE_CHECKING:
    from turnpike.instance.instance import Instance

clone_option = click.option(
    "--clone",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Read this clone, bare or not, of which nothing but Git is believed.",
)
genesis_option = click.option(
    "--genesis",
    metavar="ID",
    help="The commit that main must begin with, known out of band.",
)


class Monorepo(Protocol):
    """What holds main: an instance's host, or a clone."""

    @property
    def host(self) -> Repository:
        """Return the repository."""
        ...

    @property
    def main(self) -> ObjectId:
        """Return where main stands in it."""
        ...

    def refresh(self) -> None:
        """Bring main as its host has it by now, where that can be known."""
        ...


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone without an instance: main is its own, else its origin's, and stays as it is."""

    host: Repository

    @property
    def main(self) -> ObjectId:
        """Return where main stands in the clone; raises InputError where it has none."""
        from turnpike.auditing.heads import heads_of

        return heads_of(self.host).main

    def refresh(self) -> None:
        """Do nothing: whoever reads a clone has fetched what they want to read."""


def read_in(clone: Path | None) -> Monorepo:
    """Return the clone that was named, else the instance around the current folder."""
    if clone is not None:
        return Clone(Repository(clone))
    from turnpike.cli.wiring import house_here

    return house_here()


@dataclass(frozen=True, slots=True)
class Audited:
    """A repository with what is pinned outside of it; None for what nobody said.

    ``instance`` is the one whose host it is, where it is no clone by itself.
    """

    repository: Repository
    genesis: ObjectId | None
    root_key: str | None
    instance: Instance | None = None


def audited(clone: Path | None, genesis: str | None) -> Audited:
    """Return what is to be audited; raises InputError where there is nothing."""
    if genesis is not None and not is_object_id(genesis):
        raise UsageError(f"--genesis: expected 40 hexadecimal digits, got {genesis}")
    pinned = ObjectId(genesis) if genesis else None
    if clone is not None:
        return Audited(Repository(clone), pinned, None)
    try:
        folder = locate_folder(Path.cwd(), os.environ)
    except InputError:
        return Audited(Repository(top_of(Path.cwd())), pinned, None)
    # An instance whose file is damaged is no clone by itself: what is wrong with it is told.
    instance = open_instance(folder)
    held = instance.document
    return Audited(Repository(instance.host), pinned or held.genesis, held.root_key, instance)
