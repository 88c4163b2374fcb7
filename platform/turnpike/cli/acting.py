"""The option that says in whose name a verb acts."""

from __future__ import annotations

import click

as_option = click.option(
    "--as",
    "person",
    envvar="TURNPIKE_AS",
    metavar="PERSON",
    help="Act as this person or bot of organisation.yaml; default: who Git's user.email names.",
)
