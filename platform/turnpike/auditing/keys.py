"""The role keys that a commit of main declares in ``policies/keys/``."""

from __future__ import annotations

from turnpike.documents.reading import read
from turnpike.git.repository import Repository
from turnpike.topology.key import KEY, Key

FOLDER = "policies/keys"


def keys_at(repository: Repository, treeish: str) -> tuple[Key, ...]:
    """Return the keys in a commit or tree; raises InvalidDocument for a file that is no key."""
    names = (n for n in repository.names(treeish, FOLDER) if n.endswith(".yaml"))
    contents = repository.read_all(treeish, [f"{FOLDER}/{name}" for name in names])
    return tuple(read(KEY, content, path) for path, content in contents.items())
