"""A git directory without settings, attributes, refs or work tree, on somebody else's objects.

Objects are read and written through it, so nothing that stands in a repository beside its objects
(``config``, ``info/attributes``, replacements, a work tree) bears on a judgement.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from turnpike.git.location import Location
from turnpike.git.objects import EMPTY_TREE
from turnpike.git.process import Git

_CONFIG = """\
[core]
\trepositoryFormatVersion = 0
\tbare = true
"""


def create_view() -> Path:
    """Create the folder of such a git directory; ``remove_view`` takes it away again."""
    folder = Path(tempfile.mkdtemp(prefix="turnpike-git-"))
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    (folder / "config").write_text(_CONFIG)
    (folder / "refs").mkdir()
    return folder


def remove_view(folder: Path) -> None:
    """Remove the folder of a view."""
    shutil.rmtree(folder, ignore_errors=True)


def git_of_objects(view: Path, location: Location, quarantine: Mapping[str, str]) -> Git:
    """Return git on a view of a repository's objects.

    ``quarantine`` is what git tells a hook of objects that are pushed but not yet accepted.
    """
    objects = {"GIT_OBJECT_DIRECTORY": str(location.objects), **quarantine}
    return Git(view, {**objects, "GIT_ATTR_SOURCE": EMPTY_TREE})


def quarantine_in(environment: Mapping[str, str], git_dir: Path) -> dict[str, str]:
    """Return the variables of gitrepository-layout's object quarantine (git-receive-pack(1))."""
    if "GIT_OBJECT_DIRECTORY" not in environment:
        return {}
    found = {"GIT_OBJECT_DIRECTORY": str(git_dir / environment["GIT_OBJECT_DIRECTORY"])}
    alternates = environment.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
    if alternates is not None:
        found["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = alternates
    return found
