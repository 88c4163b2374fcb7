"""Ended containers whose starter was killed before it could remove them."""

from __future__ import annotations

from pathlib import Path

from turnpike.sandbox.engine import Engine

OWNER = "turnpike.owner"
_FORMAT = f'{{{{.Names}}}} {{{{.Label "{OWNER}"}}}}'


def remove_leftovers(engine: Engine) -> None:
    """Remove containers that have ended and whose starter does not live any more.

    A running one needs no help: its own time limit ends it.
    """
    filters = ("--filter", f"label={OWNER}", "--filter", "status=exited")
    listed = engine.ask("ps", "--all", *filters, "--format", _FORMAT).output
    for line in listed.splitlines():
        name, _, owner = line.partition(" ")
        if owner.isdecimal() and not Path(f"/proc/{owner}").exists():
            engine.ask("rm", "--force", "--volumes", name)
