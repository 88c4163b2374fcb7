"""The option that names a checkout to read, where no instance is needed around it."""

from __future__ import annotations

from pathlib import Path

import click

checkout_option = click.option(
    "--checkout",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="Checkout of a monorepo; default: the current folder.",
)
