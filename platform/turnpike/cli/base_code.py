"""Go on in the code of the base commit: what judges is never the checkout that is judged.

A pull request is data; were the judge run from the checkout, the change could rewrite its own
judge (invariant 3). Imports stay light here: this runs before everything else of a gate.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from turnpike.installation.naming import folder_at
from turnpike.instance.locate import locate_folder

MAIN = "refs/heads/main"


def continue_from_base(instance: Path | None = None, base: str = MAIN) -> None:
    """Replace this process by the same command, run from the base's own installation.

    ``base`` is a ref or a commit of the host's main. Returns only when this process already runs
    that code.
    """
    place = instance or locate_folder(Path.cwd(), os.environ)
    folder = folder_at(place / "host.git", base) or _written(place, base)
    if Path(__file__).resolve().is_relative_to(folder.resolve()):
        return
    sys.stdout.flush()
    sys.stderr.flush()
    launcher = str(folder / "turnpike")
    # The launcher is main's own, and so is what it starts.
    os.execv(launcher, [launcher, *sys.argv[1:]])  # noqa: S606


def _written(place: Path, base: str) -> Path:
    from turnpike.git.repository import Repository
    from turnpike.installation.installation import installation_of
    from turnpike.instance.locate import open_instance

    repository = Repository(open_instance(place).host)
    return installation_of(repository, repository.resolve(base))
