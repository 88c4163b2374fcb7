"""``turnpike init``: make a company's monorepo from this product."""

from __future__ import annotations

from pathlib import Path

import click

from turnpike.cli.output import as_word, emit, json_option
from turnpike.cli.wiring import now
from turnpike.explain.escape import for_terminal

PRODUCT = Path(__file__).resolve().parents[3]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--organisation",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your organisation.yaml; default: the example company of this product.",
)
@click.option(
    "--product",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=PRODUCT,
    help="Clone of Turnpike whose committed files are taken; default: the one that runs.",
)
@click.option(
    "--with-personas",
    is_flag=True,
    help="Make SSH keys for everybody who has none: for demonstrations only.",
)
@json_option
def command(
    folder: Path, organisation: Path | None, product: Path, with_personas: bool, as_json: bool
) -> None:
    """Make an instance in FOLDER: genesis commit, keys by role, embedded host, record, clone.

    The genesis is signed by the root key, which then belongs offline. Running it again on a
    finished instance changes nothing.
    """
    from turnpike.instance.create import Wish, init

    made = init(Wish(folder, product, organisation, with_personas), now())
    instance = made.instance
    lines = [f"warning: {for_terminal(text)}" for text in made.warnings]
    lines += [
        f"{'Made' if made.is_new else 'Found'} the instance {for_terminal(str(instance.folder))}",
        f"  genesis   {instance.genesis}",
        "  host      host.git: main and turnpike/record take judged pushes only",
        "  monorepo  monorepo: a clone to work in",
        "  keys      keys: one for each role; take root.key offline",
        f"next: cd {as_word(instance.monorepo)}, then turnpike new TEAM/MODEL",
    ]
    value = {
        "folder": str(instance.folder),
        "genesis": instance.genesis,
        "new": made.is_new,
        "warnings": list(made.warnings),
    }
    emit(as_json, value, lines)
