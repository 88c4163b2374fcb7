"""The objects and refs that the hook sees: the host's own, and those of the push in quarantine.

Source: git-receive-pack(1), "Quarantine environment". A few short runs of git, nothing heavier.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from turnpike.git.process import Git

_QUARANTINE = (
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
)


def quarantine(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which git tells a hook where the objects of the push are."""
    return {name: environment[name] for name in _QUARANTINE if name in environment}


class HostObjects:
    """Answers the rules of ``receiving``, with one run of git for each question."""

    def __init__(self, git_dir: Path, environment: Mapping[str, str] = os.environ) -> None:
        """Look into a bare repository with the environment that git gave to the hook."""
        self._git = Git(git_dir, quarantine(environment))

    def kind_and_size(self, objects: Iterable[str]) -> Mapping[str, tuple[str, int]]:
        """Return the type and the size in bytes of each object that exists."""
        names = "".join(f"{name}\n" for name in objects)
        if not names:
            return {}
        said = self._git.run("cat-file", "--batch-check", stdin=names.encode()).out.decode()
        lines = [line.split(" ") for line in said.splitlines()]
        return {line[0]: (line[1], int(line[2])) for line in lines if len(line) == 3}

    def blobs(self, objects: Iterable[str]) -> Mapping[str, bytes]:
        """Return the content of each object, all of which exist."""
        names = "".join(f"{name}\n" for name in objects)
        if not names:
            return {}
        said = self._git.run("cat-file", "--batch", stdin=names.encode()).out
        return dict(_parts(said))

    def symbolic(self) -> frozenset[str]:
        """Return the refs that only name another ref."""
        said = self._git.run("for-each-ref", "--format=%(symref) %(refname)").out.decode()
        pairs = [line.split(" ") for line in said.splitlines()]
        return frozenset(pair[1] for pair in pairs if pair[0])

    def count(self, prefix: str) -> int:
        """Return how many refs stand below a prefix that ends with a slash, or are that ref."""
        said = self._git.run("for-each-ref", "--format=%(objectname)", prefix).out
        return said.count(b"\n")


def _parts(said: bytes) -> Iterable[tuple[str, bytes]]:
    position = 0
    while position < len(said):
        end = said.index(b"\n", position)
        name, _, size = said[position:end].decode().split(" ")
        start = end + 1
        position = start + int(size) + 1
        yield name, said[start : position - 1]
