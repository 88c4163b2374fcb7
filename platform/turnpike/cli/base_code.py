"""Go on in the code of the base commit: what judges is never the checkout that is judged.

A pull request is data; were the judge run from the checkout, the change could rewrite its own
judge (invariant 3). Imports stay light here: this runs before everything else of a gate.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from turnpike.errors import IntegrityError, TurnpikeError
from turnpike.installation.naming import folder_at
from turnpike.instance.locate import INSTANCE_FILE, locate_folder

if TYPE_CHECKING:
    from turnpike.cli.wiring import House

MAIN = "refs/heads/main"


_SURE = {"--pr", "--json", "--print-facts", "--print-decision"}


def continue_early(arguments: Sequence[str]) -> None:
    """Go on in main's code before anything else is imported, where a call is sure to end there.

    Only saves the time of the imports: the verb itself asks again, and says what is wrong.
    """
    words = [argument.partition("=")[0] for argument in arguments]
    if words[:1] == ["gate"] and all(word in _SURE or word.isdigit() for word in words[1:]):
        with suppress(TurnpikeError, OSError, subprocess.SubprocessError):
            continue_from_base()


def continue_from_base(instance: Path | None = None, base: str = MAIN) -> None:
    """Replace this process by the same command, run from the base's own installation.

    ``base`` is a ref or a commit of the host's main. Returns only when this process already runs
    that code.
    """
    place = instance or locate_folder(Path.cwd(), os.environ)
    _follow_host(place)
    folder = folder_at(place / "host.git", base) or _written(place, base)
    if Path(__file__).resolve().is_relative_to(folder.resolve()):
        return
    sys.stdout.flush()
    sys.stderr.flush()
    _close_repositories()
    launcher = str(folder / "turnpike")
    # The launcher is main's own, and so is what it starts.
    os.execv(launcher, [launcher, *sys.argv[1:]])  # noqa: S606


def _close_repositories() -> None:
    """Leave nothing behind; where no repository was opened, its module is not loaded for that."""
    opened = sys.modules.get("turnpike.git.repository")
    if opened:
        opened.close_all()


def _follow_host(place: Path) -> None:
    """Bring main here first where another host has it: the base is what that host says.

    Every gate asks this first, so the file is not parsed: ``forge: null`` is the embedded host.
    """
    with suppress(OSError):
        if "\nforge:\n" in (place / INSTANCE_FILE).read_text("utf-8"):
            from turnpike.cli.wiring import House
            from turnpike.instance.locate import open_instance

            house = House(open_instance(place))
            house.remote().follow()
            _require_judged(house)


def _require_judged(house: House) -> None:
    """Refuse a main that was moved around the gate, before any of its code is run.

    Whoever administers another host can take its lock off. The newest commit is enough: nothing is
    merged on top of one that was refused here, so that all below was asked about in its time.
    """
    from turnpike.auditing.commit import check_move
    from turnpike.git.repository import Repository

    genesis = house.instance.document.genesis
    with Repository(house.instance.host) as repository:
        main = repository.resolve(MAIN)
        if main == genesis:
            return
        parents = repository.commit(main).parents
        found = (
            check_move(repository, genesis, parents[0], main)
            if parents
            else ("expected a merge, found a commit without a parent",)
        )
    if found:
        raise IntegrityError(
            f"main at {main}: {found[0]}",
            code="base.not-judged",
            solution="Somebody went around the gate: `turnpike verify` names each such commit. Put "
            "main back to the newest judged one, lock it with `turnpike forge protect`, and find "
            "out who did it.",
        )


def _written(place: Path, base: str) -> Path:
    from turnpike.git.repository import Repository
    from turnpike.installation.installation import installation_of
    from turnpike.instance.locate import open_instance

    repository = Repository(open_instance(place).host)
    return installation_of(repository, repository.resolve(base))
