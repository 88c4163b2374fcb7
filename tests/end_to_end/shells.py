"""Where the commands of a runbook run in these tests: somebody's clone of the instance."""

from __future__ import annotations

import os
from collections.abc import Mapping

from end_to_end.people import AUTHORS, BOT
from end_to_end.world import World
from runbooks import Shell


def shell_of(world: World, values: Mapping[str, str], by: str = BOT) -> Shell:
    """Return a shell of a person in an up-to-date clone, with the values of a page's variables."""
    at_main(world)
    who = AUTHORS[by]
    names = {f"GIT_{role}_NAME": who.name for role in ("AUTHOR", "COMMITTER")}
    emails = {f"GIT_{role}_EMAIL": who.email for role in ("AUTHOR", "COMMITTER")}
    return Shell(world.monorepo, {**os.environ, **names, **emails, "TURNPIKE_AS": by}, values)


def at_main(world: World) -> None:
    """Bring the clone to where the host's main stands."""
    world.git("fetch", "--quiet", "origin")
    world.git("checkout", "--quiet", "--detach", "origin/main")
