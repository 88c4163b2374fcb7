"""``turnpike register``: train models, register them, and write their artifact blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, json_option, numbered, progress
from turnpike.cli.wiring import clone_here, house_here, now
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import JsonValue

    from turnpike.evidence.envelope import Envelope
    from turnpike.evidence.statement import Statement
    from turnpike.registration.register import Registered


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="FOLDER...",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@json_option
def command(folders: tuple[Path, ...], as_json: bool) -> None:
    """Train each model, register it in MLflow, and write the artifact block into its model.yaml.

    Training runs the team's own train.py in a process of its own. The artifact's digest follows the
    OpenSSF model-signing rules; comments and order of model.yaml are kept. Registering unchanged
    bytes again finds the same version.
    """
    from turnpike.cli.outbox import keep
    from turnpike.registration.register import Edges, register
    from turnpike.registry.store import ArtifactStore

    house = house_here()
    clone = clone_here(house)
    progress(f"training {numbered(len(folders), 'model')}")
    with house.signer("registrar") as signer:

        def sign(statement: Statement) -> Envelope:
            # Kept at once: what is signed must outlive an interruption.
            envelope = signer.sign(statement)
            keep(clone, (envelope,))
            return envelope

        edges = Edges(
            registry=house.registry_to_write(),
            store=ArtifactStore(house.instance.store()),
            sign=sign,
            clock=now,
            report=progress,
        )
        done = register([folder.absolute() for folder in folders], edges)
    emit(as_json, [_value(one) for one in done], _lines(done))


def _lines(done: Sequence[Registered]) -> Iterator[str]:
    for one in done:
        word = "Unchanged" if one.unchanged else "Registered"
        yield f"{word} {for_terminal(one.key)} version {one.version.version}  {one.version.digest}"
    yield "next: commit the folder, then turnpike pr open"


def _value(one: Registered) -> JsonValue:
    return {
        "model": one.key,
        "registryModel": one.version.name,
        "version": one.version.version,
        "digest": one.version.digest,
        "unchanged": one.unchanged,
    }
