"""Where the commands of a runbook run in these tests: a clone of the instance, as its bot."""

from __future__ import annotations

import os
from collections.abc import Mapping

from end_to_end.people import BOT
from end_to_end.world import World
from runbooks import Shell


def shell_of(world: World, values: Mapping[str, str], by: str = BOT) -> Shell:
    """Return a shell in an up-to-date clone, with the values of a page's variables."""
    world.git("fetch", "--quiet", "origin")
    world.git("checkout", "--quiet", "--detach", "origin/main")
    return Shell(world.monorepo, {**os.environ, "TURNPIKE_AS": by}, values)
