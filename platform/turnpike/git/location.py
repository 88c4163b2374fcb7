"""Where the parts of a repository lie on a disk, found without asking git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from turnpike.errors import InputError


@dataclass(frozen=True, slots=True)
class Location:
    """The folder that git calls GIT_DIR, and the one that linked work trees share."""

    git_dir: Path
    common_dir: Path

    @property
    def objects(self) -> Path:
        """Return the folder of the objects."""
        return self.common_dir / "objects"


def locate(path: Path) -> Location:
    """Return the parts of the repository whose top folder, bare or not, is the path.

    Raises InputError where there is no repository.
    """
    dot_git = path / ".git"
    git_dir = _linked(dot_git) if dot_git.is_file() else dot_git if dot_git.is_dir() else path
    common = git_dir / "commondir"
    shared = (git_dir / common.read_text().strip()).resolve() if common.is_file() else git_dir
    if not ((git_dir / "HEAD").exists() and (shared / "objects").is_dir()):
        raise InputError(
            f"Expected a Git repository at {path}, found none.",
            solution="Name the top folder of a clone, or of a bare repository.",
            code="git.no-repository",
        )
    return Location(git_dir.absolute(), shared.absolute())


def top_of(folder: Path) -> Path:
    """Return the top folder of the repository around a folder; raises InputError without one."""
    for candidate in (folder.absolute(), *folder.absolute().parents):
        if (candidate / ".git").exists() or (candidate / "objects").is_dir():
            return candidate
    raise InputError(
        f"Expected {folder} to be inside a Git repository, but it is not.",
        solution="Change into a clone of the monorepo, or name one.",
        code="git.no-repository",
    )


def _linked(dot_git: Path) -> Path:
    target = dot_git.read_text().strip().removeprefix("gitdir: ")
    return (dot_git.parent / target).resolve()
